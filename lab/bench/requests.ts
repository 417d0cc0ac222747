/** What a request costs: the section of docs/benchmarks.md, from programs/request.ts. */

import { interleave, minimum, ratio, significant, table } from "./interleave.ts";
import type { Variant } from "./variants.ts";

const VARIABLES = [1, 3, 5, 10, 20];

/** Measures a request, and returns the section. */
export async function requests(variants: readonly Variant[]): Promise<string[]> {
  const rows: string[][] = [];
  for (const { name, command } of variants) {
    const columns: string[][] = [];
    for (const variables of VARIABLES) {
      console.log(`request, ${variables} variables, ${name}`);
      const measured = await interleave({
        ours: command("request", "contextvars", variables),
        map: command("request", "Map", variables),
        again: command("request", "Map", variables),
      });
      const [ours, map, again] = ["ours", "map", "again"].map((of) => measured[of]!["request"]!);
      columns.push([
        significant(minimum(ours!)),
        significant(minimum(map!)),
        ratio(ours!, map!),
        ratio(again!, map!),
      ]);
    }
    ["contextvars, ns", "Map, ns", "**contextvars to Map**", "Map to itself"]
      .forEach((what, i) => rows.push([name, what, ...columns.map((column) => column[i]!)]));
  }
  return [
    "## A request",
    "",
    "A handler is called in an empty context, by `new Context().bind(handler)` or by",
    "`storage.run(new Map(), handler)`. It sets each of 1 to 20 variables, and gets 20 values.",
    ...table(["on", "", ...VARIABLES.map(String)], rows),
  ];
}
