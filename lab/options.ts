/** The options of the programs that run for as long as asked: how long, and from which seed. */

import { parseArgs } from "node:util";

/** What was asked for. */
export interface Options {
  readonly seconds: number;
  readonly seed: number;
}

/** Reads the options of a task; says how to use it, and ends with 2, where they make no sense. */
export function readOptions(task: string, defaultSeed: number): Options {
  try {
    const seconds = { type: "string", default: "60" } as const;
    const seed = { type: "string", default: String(defaultSeed) } as const;
    const { values } = parseArgs({ options: { seconds, seed } });
    const options = { seconds: Number(values.seconds), seed: Number(values.seed) };
    if (options.seconds >= 0 && Number.isSafeInteger(options.seed)) return options;
  } catch {
    // An option that there is not: as below.
  }
  console.error(`usage: deno task ${task} [--seconds 60] [--seed N]`);
  Deno.exit(2);
}
