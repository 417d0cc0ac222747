/**
 * A part of each bundle: keeps a list of the tests, runs them, and prints a report.
 *
 * The bundler puts `registerTest` in the place of `Deno.test`.
 */

import { inspect } from "node:util";
import { inTime } from "../in_time.ts";

/** What came of the tests of one file. */
export interface Report {
  readonly passed: number;
  readonly skipped: number;
  /** Each with the name of its test, and the error. */
  readonly failures: readonly string[];
}

type Body = () => unknown;

/** In milliseconds, for one test. */
const LONGEST = 30_000;

const tests: [name: string, body: Body][] = [];
let skipped = 0;

/** Takes the arguments of `Deno.test` that the tests use. */
export function registerTest(name: string, ...rest: [Body] | [{ ignore?: boolean }, Body]): void {
  const [{ ignore = false }, body] = rest.length === 1 ? [{}, rest[0]] : rest;
  if (ignore) skipped++;
  else tests.push([name, body]);
}

async function runTests(): Promise<Report> {
  const failures: string[] = [];
  for (const [name, body] of tests) {
    try {
      await inTime(Promise.resolve(body()), LONGEST, "it does not end");
    } catch (error) {
      failures.push(`${name}\n${inspect(error)}`);
    }
  }
  return { passed: tests.length - failures.length, skipped, failures };
}

/** Named as Cloudflare's `workerd test` wants it; elsewhere the bundle calls it. */
export default {
  async test(): Promise<void> {
    console.log(JSON.stringify(await runTests()));
  },
};
