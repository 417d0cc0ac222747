/** Runs programs in turn, each several times, and compares the best that they gave. */

import { outputOf } from "../../tests/command.ts";
import type { Rounds } from "./programs/measure.ts";

/** How many times each program is started: V8 does not compile the same way each time. */
const STARTS = 4;

/** Programs by name. A command prints `{ rounds }`. */
export type Commands = Readonly<Record<string, readonly string[]>>;

/** By the name of a program and of what it measured, all rounds of all its starts. */
export type Measured = Readonly<Record<string, Record<string, Rounds>>>;

/** Starts one program after the other. Each time another is first: nobody has a better moment. */
export async function interleave(commands: Commands, starts: number = STARTS): Promise<Measured> {
  const measured: Record<string, Record<string, Rounds>> = {};
  const entries = Object.entries(commands);
  for (let start = 0; start < starts; start++) {
    for (let turn = 0; turn < entries.length; turn++) {
      const [name, command] = entries[(start + turn) % entries.length]!;
      const { rounds } = JSON.parse(await outputOf(command));
      const all = measured[name] ??= {};
      for (const [what, more] of Object.entries<Rounds>(rounds)) {
        all[what] = [...all[what] ?? [], ...more];
      }
    }
  }
  return measured;
}

/** Returns the fastest round, which nothing has disturbed. */
export function minimum(rounds: Rounds): number {
  return Math.min(...rounds);
}

/** Returns the round that a quarter of all was at least as fast as. */
export function firstQuartile(rounds: Rounds): number {
  return rounds.toSorted((a, b) => a - b)[Math.floor((rounds.length - 1) / 4)]!;
}

/** Returns the ratio of two minima, and in brackets that of the first quartiles. */
export function ratio(rounds: Rounds, baseline: Rounds): string {
  const [best, quartile] = [minimum, firstQuartile].map((of) => of(rounds) / of(baseline));
  return `${significant(best!)} (${significant(quartile!)})`;
}

/** Returns the minimum and, in brackets, the first quartile; "–" where nothing was measured. */
export function time(rounds: Rounds | undefined): string {
  if (rounds === undefined) return "–";
  return `${significant(minimum(rounds))} (${significant(firstQuartile(rounds))})`;
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

/** Returns the lines of a table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return ["", ...[head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`), ""];
}
