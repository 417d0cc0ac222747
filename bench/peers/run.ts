/**
 * Measures this module and its peers side by side, and writes ../results.md and its plot.
 *
 *     deno task bench:peers
 */

import { fileURLToPath } from "node:url";
import { importCost } from "../import_cost.ts";
import { measure } from "./measure.ts";
import { plot } from "./plot.ts";
import { report } from "./report.ts";

const cost = await importCost();
const figures = await measure();
await Deno.writeTextFile(pathOf("../copy_and_set.svg"), await plot(figures));
await Deno.writeTextFile(pathOf("../results.md"), report(figures, cost));
await new Deno.Command(Deno.execPath(), { args: ["fmt", pathOf("../results.md")] }).output();

function pathOf(file: string): string {
  return fileURLToPath(import.meta.resolve(file));
}
