/**
 * The survey as a program for Deno, Node.js and Bun (bundled): prints its entries as JSON.
 *
 *     deno run -A --v8-flags=--expose-gc lab/survey/main.ts
 *
 * workerd has an entry of its own, worker.ts.
 */

import process from "node:process";
import { survey } from "./survey.ts";

const text = JSON.stringify(await survey(10_000), undefined, 2);
// A case that cannot be tried may have left something open: do not wait for it.
process.stdout.write(`${text}\n`, () => process.exit(0));
