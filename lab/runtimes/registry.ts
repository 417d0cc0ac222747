/**
 * Stands in for `Deno.test` on other runtimes: keeps a list of the tests, and runs them.
 *
 * The bundler puts `registerTest` in the place of `Deno.test`.
 */

import { inTime } from "../in_time.ts";

/** What came of the tests of one file. */
export interface Report {
  readonly passed: number;
  readonly skipped: number;
  /** Each with the name of its test, and the error's stack. */
  readonly failures: readonly string[];
}

type Body = () => unknown;

/** In milliseconds, for one test. */
const LONGEST = 30_000;

interface Options {
  readonly ignore?: boolean;
}

const tests: { readonly name: string; readonly ignore: boolean; readonly body: Body }[] = [];

/** Takes the arguments of `Deno.test` that the tests use. */
export function registerTest(name: string, ...rest: [Body] | [Options, Body]): void {
  const [{ ignore = false }, body] = rest.length === 1 ? [{}, rest[0]] : rest;
  tests.push({ name, ignore, body });
}

/** Runs the tests one after another. */
export async function runTests(): Promise<Report> {
  const failures: string[] = [];
  const toRun = tests.filter(({ ignore }) => !ignore);
  for (const { name, body } of toRun) {
    try {
      await inTime(Promise.resolve(body()), LONGEST, "it does not end");
    } catch (error) {
      failures.push(`${name}\n${describe(error)}`);
    }
  }
  return {
    passed: toRun.length - failures.length,
    skipped: tests.length - toRun.length,
    failures,
  };
}

/** Returns an error's stack, with the message where the runtime leaves it out, and its cause's. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { stack = "", cause } = error;
  const text = stack.includes(error.message) ? stack : `${error}\n${stack}`;
  return cause === undefined ? text : `${text}\ncaused by ${describe(cause)}`;
}
