/** Measures loops. Whatever runs one of these programs starts it several times, in turn with others. */

import process from "node:process";

/** The nanoseconds of one turn of a loop, in each round. */
export type Rounds = number[];

/** Does something that many times. It returns a result, so that nothing can be left out. */
export type Loop = (times: number) => unknown;

/** On Deno each `run` leaves something to the collector: a round must have several collections. */
const MILLISECONDS = "Deno" in globalThis ? 80 : 25;
const ROUNDS = 5;
/** After so many milliseconds no further round begins. */
const LIMIT = 1_000;

/** Returns the rounds of each loop, after one in which the compilers work. */
export async function measure(
  loops: Readonly<Record<string, Loop>>,
): Promise<Record<string, Rounds>> {
  const rounds: Record<string, Rounds> = {};
  for (const [name, loop] of Object.entries(loops)) {
    let times = 1;
    while (await milliseconds(loop, times) < MILLISECONDS) times *= 2;
    const measured: Rounds = [];
    const end = performance.now() + LIMIT;
    do measured.push(await milliseconds(loop, times) * 1e6 / times); while (
      measured.length < ROUNDS && performance.now() < end
    );
    rounds[name] = measured;
  }
  return rounds;
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
