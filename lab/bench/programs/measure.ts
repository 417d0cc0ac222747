/** Measures loops. Whatever runs a program that does starts it several times, in turn with others. */

/** Does something that many times. */
export type Loop = (times: number) => unknown;

/** By the name of a loop, the nanoseconds of one turn of it, in each round. */
export type Measured = Record<string, number[]>;

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
    const rounds: number[] = measured[name] = [];
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
