/**
 * The program that tries every door, and prints what came of each as JSON.
 *
 *     deno run -A --v8-flags=--expose-gc tests/propagation/propagation.ts
 *
 * It runs on Deno, Node.js and Bun (bundled); workerd has its own entry, worker.ts.
 */

import process from "node:process";
import { survey } from "./survey.ts";

const text = JSON.stringify(await survey(), undefined, 2);
// A door that is not there may have left something open: do not wait for it.
process.stdout.write(`${text}\n`, () => process.exit(0));
