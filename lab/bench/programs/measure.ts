/** Measures loops. Whatever runs a program that does starts it several times, in turn with others. */

import process from "node:process";

/** Does something that many times. */
export type Loop = (times: number) => unknown;

/** The nanoseconds of one turn of a loop, in each round. */
export type Rounds = number[];

/** The rounds of each loop, by its name. */
export type Measured = Record<string, Rounds>;

/** On Deno each `run` leaves something to the collector: a round must have several collections. */
const MILLISECONDS = "Deno" in globalThis ? 80 : 25;
const ROUNDS = 5;
/** After so many milliseconds no further round begins. */
const LIMIT = 1_000;

/** Measures the loops of these names, or all: each after a round in which the compilers work. */
export async function measure(
  loops: Readonly<Record<string, Loop>>,
  names: readonly string[] = [],
): Promise<Measured> {
  const measured: Measured = {};
  for (const name of names.length > 0 ? names : Object.keys(loops)) {
    const loop = loops[name]!;
    let times = 1;
    while (await milliseconds(loop, times) < MILLISECONDS) times *= 2;
    const rounds: Rounds = measured[name] = [];
    const end = performance.now() + LIMIT;
    do rounds.push(await milliseconds(loop, times) * 1e6 / times); while (
      rounds.length < ROUNDS && performance.now() < end
    );
  }
  return measured;
}

async function milliseconds(loop: Loop, times: number): Promise<number> {
  const start = performance.now();
  await loop(times);
  return performance.now() - start;
}

/** Returns the bytes in use, after a collection; the program was started with `--expose-gc`. */
export function heapUsed(): number {
  (globalThis as { gc?: () => void }).gc!();
  return process.memoryUsage().heapUsed;
}
