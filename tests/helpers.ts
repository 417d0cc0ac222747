/**
 * How the tests start: each body begins outside any task, where no other test has set anything.
 *
 * Under a bare `Deno.test`, what a body sets before its first await reaches the next body.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { it } from "@std/testing/bdd";
import { createTask } from "@contextvars/contextvars";

// Taken when the first test file loads: nothing is set yet.
const runOutside = AsyncLocalStorage.snapshot();

/** Registers a test whose body is a fresh task. */
export function test(name: string, body: () => void | Promise<void>): void {
  it(name, () => runOutside(() => createTask(body)));
}

/** Registers a test whose body runs outside any task. */
export function outside(name: string, body: () => void | Promise<void>): void {
  it(name, () => runOutside(body));
}

/** Registers a test twice: in a fresh task, and outside any. */
export function everywhere(name: string, body: () => void | Promise<void>): void {
  test(`${name}, inside a task`, body);
  outside(`${name}, outside any task`, body);
}
