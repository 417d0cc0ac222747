/**
 * How the checks for all runtimes are listed and run: without a test framework, since none runs on
 * all of them.
 *
 * Each check begins outside any task, where no other check is seen; and makes its own variables,
 * since on Node.js 20 what it sets there stays for the next.
 */

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { createTask } from "@contextvars/contextvars";

/** What came out of all checks. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What to print: each failure, and at the end the counts. */
  readonly lines: string[];
}

type Body = () => void | Promise<void>;

const checks: { readonly name: string; readonly start: () => unknown }[] = [];

// By name, and not by a try: a runtime that loses its enterWith must fail.
const ON_WORKERS = globalThis.navigator?.userAgent === "Cloudflare-Workers";

// Taken when the program loads: nothing is set yet.
const runOutside = AsyncLocalStorage.snapshot();

/** Lists a check whose body is a fresh task. */
export function check(name: string, body: Body): void {
  checks.push({ name, start: () => runOutside(() => createTask(body)) });
}

/** Lists a check whose body runs outside any task. */
export function checkOutside(name: string, body: Body): void {
  checks.push({ name, start: () => runOutside(body) });
}

/** Lists a check outside any task for the runtimes where `set` works there. */
export function checkWithEnterWith(name: string, body: Body): void {
  if (!ON_WORKERS) checkOutside(name, body);
}

/** Lists a check outside any task for Cloudflare Workers, which have no `enterWith`. */
export function checkWithoutEnterWith(name: string, body: Body): void {
  if (ON_WORKERS) checkOutside(name, body);
}

/** Runs all checks that are listed, one after another. */
export async function runChecks(): Promise<Outcome> {
  const failures: string[] = [];
  for (const { name, start } of checks) {
    try {
      await start();
    } catch (error) {
      failures.push(`FAILED ${name}\n${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  const failed = failures.length;
  const passed = checks.length - failed;
  return { passed, failed, lines: [...failures, `${passed} passed, ${failed} failed`] };
}

/** Says for `assert.throws` which error is expected: its class, its name and its message. */
export function errorOf(
  expected: new (message: string) => Error,
  message: RegExp,
): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof expected, `${expected.name} was expected, got ${error}`);
    assert.equal(error.name, expected.name);
    assert.match(error.message, message);
    return true;
  };
}

/** Makes a promise and the function that resolves it: Node.js 20 has no `Promise.withResolvers`. */
export function gate(): { promise: Promise<void>; open: () => void } {
  let open!: () => void;
  const promise = new Promise<void>((resolve) => open = resolve);
  return { promise, open };
}
