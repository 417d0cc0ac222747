/** Compares the traces of a program in this module and in CPython. */

import type { Program } from "./program.ts";
import { DID_NOT_END, type Interpreter } from "./interpreter.ts";

/** A program with its two traces. */
export interface Comparison {
  readonly program: Program;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  readonly equal: boolean;
}

/** Runs a program over this module and on the other side. What does not end equals nothing. */
export async function compare(
  program: Program,
  here: Interpreter,
  there: Interpreter,
): Promise<Comparison> {
  const [ours, theirs] = await Promise.all([here.trace(program), there.trace(program)]);
  const ended = !ours.at(-1)?.startsWith(DID_NOT_END);
  const same = ours.length === theirs.length && ours.every((line, i) => line === theirs[i]);
  return { program, ours, theirs, equal: ended && same };
}

/** Prints a comparison: the program, and both traces from the first line in which they differ. */
export function describe({ program, ours, theirs }: Comparison): string {
  const first = ours.findIndex((line, i) => line !== theirs[i]);
  const same = first < 0 ? ours.length : first;
  return [
    JSON.stringify(program),
    ...ours.slice(0, same).map((line) => `           ${line}`),
    ...ours.slice(same).map((line) => `     here: ${line}`),
    ...theirs.slice(same).map((line) => `  CPython: ${line}`),
  ].join("\n");
}
