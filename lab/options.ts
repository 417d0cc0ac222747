/** The options of the programs that run for as long as asked. */

import { parseArgs } from "node:util";

/** Reads how many seconds to run, and from which seed. */
export function readOptions(defaultSeed: number): { seconds: number; seed: number } {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "60" },
      seed: { type: "string", default: String(defaultSeed) },
    },
  });
  const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
  if (seconds >= 0 && Number.isSafeInteger(seed)) return { seconds, seed };
  throw new TypeError("--seconds and --seed must be numbers");
}
