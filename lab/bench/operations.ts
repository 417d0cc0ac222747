/** What each operation costs: the section of docs/benchmarks.md, from programs/operations.ts. */

import { interleave, ratio, table, time, whole } from "./interleave.ts";
import { cpython, type Variant } from "./variants.ts";

const VARIABLES = [10, 10_000];

/** Measures the operations, and returns the section. */
export async function operations(variants: readonly Variant[]): Promise<string[]> {
  const rows: string[][] = [];
  for (const { name, command } of variants) {
    for (const variables of VARIABLES) {
      console.log(`operations, ${variables} variables, ${name}`);
      const { ours, map, again, python } = await interleave({
        ours: command("operations", "contextvars", variables),
        map: command("operations", "Map", variables),
        again: command("operations", "Map", variables),
        python: cpython("operations", variables),
      });
      for (const [what, rounds] of Object.entries(ours!)) {
        rows.push([
          name,
          what,
          whole(variables),
          time(rounds),
          time(map![what]),
          time(python![what]),
          ratio(rounds, map![what]!),
          ratio(again![what]!, map![what]!),
        ]);
      }
    }
  }
  const head = ["on", "operation", "variables", "contextvars, ns", "Map, ns", "CPython, ns"];
  return [
    "## Operations",
    "",
    "In a task in which 10 or 10 000 variables are set. Where ours copies a context, the Map is",
    "copied; where ours only sets, so does it. `set + reset, unset before` is of one more variable.",
    "CPython's task goes through its event loop.",
    ...table([...head, "**contextvars to Map**", "Map to itself"], rows),
  ];
}
