/**
 * Compares random programs with CPython for as long as asked, and counts what they reached.
 *
 *     deno task fuzz [--seconds 60] [--seed N]
 *
 * The program of seed N is the same on every machine: `--seed N --seconds 0` runs it alone. The
 * first that differs ends it, and becomes a test of the contract; one that does not end differs.
 * The environment's PYTHON names another Python than `python3`.
 *
 * Ends with 0 if no program differs, with 1 if one does, with 2 without a Python that it can use.
 */

import { readOptions } from "../options.ts";
import { compare, findPython, Side } from "./compare.ts";
import { generate } from "./generate.ts";
import type { Program } from "./program.ts";
import { shrink } from "./shrink.ts";

/** What a step gives that could not do what it is for. */
const IN_VAIN = ["no task", "busy", "cannot wait here", "deadlock"];

const { seconds, seed: firstSeed } = readOptions(Date.now() % 2 ** 31);
const version = findPython();
if (version === undefined) {
  console.error("cannot compare with CPython: there is no Python 3.11 or later here");
  Deno.exit(2);
}
console.log(`comparing with ${version}, from seed ${firstSeed}`);
if (await differs()) Deno.exitCode = 1;

/** Compares one program at least, until the time is over or one differs; tells whether one does. */
async function differs(): Promise<boolean> {
  await using ours = Side.ours();
  await using theirs = Side.theirs();
  const comparison = (program: Program) => compare(program, ours.interpret, theirs.interpret);
  const counts: Record<string, number> = {};
  const end = Date.now() + seconds * 1000;
  let seed = firstSeed;
  do {
    const { trace, difference } = await comparison(generate(seed));
    if (difference !== undefined) {
      console.log(`seed ${seed} differs from CPython; at its smallest:`);
      const fails = async (program: Program) => "difference" in await comparison(program);
      const smallest = await shrink(generate(seed), fails);
      console.log(JSON.stringify(smallest), (await comparison(smallest)).difference);
      return true;
    }
    for (const { kind, gave, raised } of trace) {
      for (const it of [kind, raised ?? IN_VAIN.find((it) => it === gave) ?? "done"]) {
        counts[it] = (counts[it] ?? 0) + 1;
      }
    }
    seed++;
    if (seed % 10_000 === 0) console.log(`at seed ${seed}`);
  } while (Date.now() < end);
  console.log(counts);
  console.log(`${seed - firstSeed} programs, none differs`);
  return false;
}
