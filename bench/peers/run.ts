/**
 * Measures this module and its peers side by side, and writes ../results.md and its plot.
 *
 *     deno task bench:peers
 */

import { importCost } from "../import_cost.ts";
import { measure } from "./measure.ts";
import { plot } from "./plot.ts";
import { report } from "./report.ts";

const cost = await importCost();
const figures = await measure();
await Deno.writeTextFile(new URL("../copy_and_set.svg", import.meta.url), await plot(figures));
await Deno.writeTextFile(new URL("../results.md", import.meta.url), report(figures, cost));
