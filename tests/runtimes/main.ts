/** The conformance program for runtimes that start programs: Node.js, Bun and Deno. */

import process from "node:process";
import { conformance } from "./conformance.ts";

const { failed, lines } = await conformance();
console.log(lines.join("\n"));
process.exitCode = failed === 0 ? 0 : 1;
