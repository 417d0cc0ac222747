/**
 * Where the body of a test runs: in a fresh task, outside any, or both.
 *
 *     Deno.test("ContextVar.get() returns what was set", () =>
 *       inTask(() => { ... }));
 *
 * Under a bare `Deno.test`, what a body sets before its first await reaches the next body.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { createTask } from "@contextvars/contextvars";

type Body = () => void | Promise<void>;

// Taken when the first test file loads: nothing is set yet.
const runOutside = AsyncLocalStorage.snapshot();

/** Runs a body as a fresh task. */
export async function inTask(body: Body): Promise<void> {
  await runOutside(() => createTask(body));
}

/** Runs a body outside any task. */
export async function outsideTasks(body: Body): Promise<void> {
  await runOutside(body);
}

/** Runs a body twice: as a fresh task, and outside any. */
export async function everywhere(body: Body): Promise<void> {
  await inTask(body);
  try {
    await outsideTasks(body);
  } catch (cause) {
    throw new Error("it holds inside a task, but not outside", { cause });
  }
}
