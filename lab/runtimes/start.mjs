// Starts the program whose file is named.
import process from "node:process";

const { default: program } = await import(`./${process.argv[2]}`);
await program.test();
