/**
 * Compares random programs with CPython for as long as asked, and counts what they reached.
 *
 *     deno task fuzz [--seconds 60] [--seed 1]
 *
 * The program of seed N is the same on every machine, so a mismatch comes back with `--seed N`.
 * Ends with 0 if there was no mismatch, with 1 if there was one, with 2 without python3.
 */

import { parseArgs } from "node:util";
import { compare, describe, Python, pythonVersion } from "./compare.ts";
import { generate } from "./generate.ts";
import type { Program } from "./program.ts";
import { shrink } from "./shrink.ts";
import { Tally } from "./tally.ts";

/** In milliseconds; a log that nobody watches needs fewer. */
const REPORT_INTERVAL = Deno.stdout.isTerminal() ? 500 : 30_000;

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});

if (pythonVersion === undefined) {
  console.error("cannot compare with CPython: there is no python3 here");
  Deno.exit(2);
}
const mismatches = await fuzz(Number(options.seed), Date.now() + Number(options.seconds) * 1000);
if (mismatches > 0) Deno.exit(1);

/** Compares programs from a seed on until a time, and returns how many differed. */
async function fuzz(firstSeed: number, end: number): Promise<number> {
  await using python = new Python();
  const trace = (program: Program) => python.trace(program);
  const differs = async (program: Program) => !(await compare(program, trace)).equal;
  const tally = new Tally();
  let mismatches = 0;
  let nextReport = 0;
  console.log(`comparing with ${pythonVersion}, from seed ${firstSeed}`);
  for (let seed = firstSeed; Date.now() < end; seed++) {
    const { program, ours, equal } = await compare(generate(seed), trace);
    tally.add(ours);
    if (!equal) {
      mismatches++;
      const smallest = await shrink(program, differs);
      console.log(`\nseed ${seed}: ${describe(await compare(smallest, trace))}`);
    }
    if (Date.now() >= nextReport) {
      nextReport = Date.now() + REPORT_INTERVAL;
      report(`${tally}, ${mismatches} mismatches`);
    }
  }
  report(`${tally}, ${mismatches} mismatches\n`);
  console.log(tally.details());
  return mismatches;
}

/** Writes over the last report, where the output is a terminal. */
function report(text: string): void {
  const line = Deno.stdout.isTerminal() ? `\r${text}` : `${text}\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(line));
}
