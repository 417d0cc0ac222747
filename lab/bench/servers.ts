/** What contexts cost a whole server: the section of docs/benchmarks.md, from programs/server.ts. */

import { interleave, ratio, table, time } from "./interleave.ts";
import type { Variant } from "./variants.ts";

/** Measures `Deno.serve` with each way to carry values, and returns the section. */
export async function servers({ command }: Variant): Promise<string[]> {
  console.log("servers");
  const measured = await interleave({
    "no context": command("server", "nothing"),
    "contextvars": command("server", "contextvars"),
    "Map": command("server", "Map"),
    "Map again": command("server", "Map"),
  });
  const baseline = measured["Map"]!["cpu"]!;
  return [
    "## Servers",
    "",
    "A whole `Deno.serve`, whose requests set 5 variables and get 20 values: the processor time of",
    "the server for one request.",
    ...table(
      ["with", "ns", "to a Map"],
      Object.entries(measured).map(([name, { cpu }]) => [name, time(cpu), ratio(cpu!, baseline)]),
    ),
  ];
}
