/**
 * Measures this module and its peers side by side, and writes ../results.md and its plot.
 *
 *     deno task bench:peers
 */

import { fileURLToPath } from "node:url";
import { deno } from "../../../tests/command.ts";
import { importCost } from "../import_cost.ts";
import { measureServers } from "../server/measure.ts";
import { measure } from "./measure.ts";
import { plot } from "./plot.ts";
import { report } from "./report.ts";

const cost = await importCost();
const figures = await measure();
const servers = await measureServers();
await write("../copy_and_set.svg", await plot(figures));
await write("../results.md", report(figures, servers, cost));

/** Writes a file as `deno fmt` wants it. */
async function write(file: string, text: string): Promise<void> {
  const path = fileURLToPath(import.meta.resolve(file));
  await Deno.writeTextFile(path, text);
  await deno(["fmt", path]);
}
