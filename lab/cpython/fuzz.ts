/**
 * Compares random programs with CPython for as long as asked, and counts what they reached.
 *
 *     deno task fuzz [--seconds 60] [--seed N]
 *
 * The program of seed N is the same on every machine: `--seed N --seconds 0` runs it alone. One
 * that differs becomes a test of the contract. A program that does not end differs.
 * The environment's PYTHON names another Python than `python3`.
 *
 * Ends with 0 if there was no mismatch, with 1 if there was one, with 2 if it could not compare.
 */

import { readOptions } from "../options.ts";
import { compare, describe } from "./compare.ts";
import { generate } from "./generate.ts";
import { ModuleInterpreter } from "./module_interpreter.ts";
import type { Program } from "./program.ts";
import { PythonInterpreter, pythonVersion } from "./python_interpreter.ts";
import { shrink } from "./shrink.ts";
import { Tally } from "./tally.ts";

const MOST_MISMATCHES = 10;

/** In milliseconds; a log that nobody watches needs fewer. */
const REPORT_INTERVAL = Deno.stdout.isTerminal() ? 500 : 30_000;

const { seconds, seed: firstSeed } = readOptions("fuzz", Date.now() % 2 ** 31);
if (pythonVersion === undefined) {
  console.error("cannot compare with CPython: there is no python3 here");
  Deno.exit(2);
}
if (await fuzz() > 0) Deno.exit(1);

/** Compares one program at least, until the time is over; returns how many differed. */
async function fuzz(): Promise<number> {
  using here = new ModuleInterpreter();
  await using python = new PythonInterpreter();
  const differs = async (program: Program) => !(await compare(program, here, python)).equal;
  const tally = new Tally();
  const end = Date.now() + seconds * 1000;
  let mismatches = 0;
  let nextReport = Date.now() + REPORT_INTERVAL;
  let seed = firstSeed;
  console.log(`comparing with ${pythonVersion}, from seed ${firstSeed}`);
  do {
    const { program, ours, equal } = await compare(generate(seed), here, python);
    tally.add(ours);
    if (!equal) {
      mismatches++;
      console.log(`\nseed ${seed} differs; at its smallest:`);
      const smallest = await shrink(program, differs);
      console.log(describe(await compare(smallest, here, python)));
    }
    if (Date.now() >= nextReport) {
      nextReport = Date.now() + REPORT_INTERVAL;
      report(`${tally}, ${mismatches} mismatches`);
    }
    seed++;
  } while (Date.now() < end && mismatches < MOST_MISMATCHES);
  report(`${tally}, ${mismatches} mismatches\n`);
  console.log(tally.details());
  return mismatches;
}

/** Writes over the last report, where the output is a terminal. */
function report(text: string): void {
  const line = Deno.stdout.isTerminal() ? `\r${text}` : `${text}\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(line));
}
