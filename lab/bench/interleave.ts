/** Runs programs in turn, each several times, and tells the best that they gave. */

import { outputOf } from "../../tests/command.ts";
import type { Measured } from "./programs/measure.ts";

/** How many times each program is started: V8 does not compile the same way each time. */
const STARTS = 4;

/**
 * Starts a command for each name, one after the other. Each time another is first: none has a better
 * moment. A command prints `{ rounds }`.
 *
 * @returns By the names, all rounds of all starts.
 */
export async function interleave<N extends string>(
  names: readonly N[],
  commandOf: (name: N) => readonly string[],
  starts: number = STARTS,
): Promise<Record<N, Measured>> {
  console.log(commandOf(names[0]!).join(" "));
  const measured = Object.fromEntries(names.map((name) => [name, {}])) as Record<N, Measured>;
  for (let start = 0; start < starts; start++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(start + turn) % names.length]!;
      const { rounds } = JSON.parse(await outputOf(commandOf(name)));
      const all: Measured = measured[name];
      for (const [what, more] of Object.entries<number[]>(rounds)) (all[what] ??= []).push(...more);
    }
  }
  return measured;
}

/** Returns the fastest round, which nothing has disturbed. */
export function minimum(rounds: number[]): number {
  return Math.min(...rounds);
}

/** Returns the round that a quarter of all was at least as fast as. */
function firstQuartile(rounds: number[]): number {
  return rounds.toSorted((a, b) => a - b)[Math.floor((rounds.length - 1) / 4)]!;
}

/** Returns the minimum and, in brackets, the first quartile. */
export function time(rounds: number[]): string {
  return `${significant(minimum(rounds))} (${significant(firstQuartile(rounds))})`;
}

/** Returns the ratio of two minima, and in brackets that of the first quartiles. */
export function ratio(rounds: number[], baseline: number[]): string {
  const [best, quartile] = [minimum, firstQuartile].map((of) => of(rounds) / of(baseline));
  return `${significant(best!)} (${significant(quartile!)})`;
}

/** Returns a number with three digits at least. */
export function significant(number: number): string {
  if (number < 10) return number.toFixed(2);
  return number < 100 ? number.toFixed(1) : whole(number);
}

/** Returns a number without decimals, its digits in groups. */
export function whole(number: number): string {
  return number.toFixed(0).replace("-0", "0").replace(/\B(?=(\d{3})+$)/g, "\u00a0");
}

/** Returns a table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
}
