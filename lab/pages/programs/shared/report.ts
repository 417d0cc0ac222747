/** Loaded with a program: prints its counts, and ends it, when its standard input ends. */

import process from "node:process";
import { counts } from "./probe.ts";

/** In milliseconds, for what requests leave behind whose client has left. */
const GRACE = 100;

process.stdin.on("end", () => {
  setTimeout(() => {
    console.log(`\n${JSON.stringify(counts)}`);
    process.exit();
  }, GRACE);
}).resume();
