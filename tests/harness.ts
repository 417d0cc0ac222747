/**
 * Where the body of a test runs: in a fresh task, outside any, or both.
 *
 *     Deno.test("ContextVar.get() returns what was set", () =>
 *       setsEverywhere(() => { ... }));
 *
 * Under a bare `Deno.test`, what a body sets before its first await reaches the next body.
 */

import { assertRejects } from "@std/assert";
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { createTask, RuntimeError } from "@contextvars/contextvars";

type Body = () => void | Promise<void>;

// By name, and not by a try: a runtime that loses its enterWith must fail.
const ON_WORKERS = globalThis.navigator?.userAgent === "Cloudflare-Workers";

/** Options of a test that makes no sense without `enterWith`, which Cloudflare Workers lack. */
export const NEEDS_ENTER_WITH: { readonly ignore: boolean } = { ignore: ON_WORKERS };

/** Options of a test of what holds only without `enterWith`. */
export const LACKS_ENTER_WITH: { readonly ignore: boolean } = { ignore: !ON_WORKERS };

// Taken when the first test file loads: nothing is set yet.
const runOutside = AsyncLocalStorage.snapshot();

/** Runs a body as a fresh task. */
export async function inTask(body: Body): Promise<void> {
  await runOutside(() => createTask(body));
}

/** Runs a body outside any task. */
export async function outsideTasks(body: Body): Promise<void> {
  // In a resource of its own: on Node.js 20, what a body sets stays in the resource it runs in.
  await runOutside(() => new AsyncResource("test").runInAsyncScope(body));
}

/** Runs a body twice: as a fresh task, and outside any. */
export async function everywhere(body: Body): Promise<void> {
  await inTask(body);
  await alsoOutside(outsideTasks, body);
}

/** Runs a body that sets outside any task. On Cloudflare Workers it must say so, and fail. */
export async function setsOutside(body: Body): Promise<void> {
  const run = () => outsideTasks(body);
  await (ON_WORKERS ? assertRejects(run, RuntimeError, "outside a task") : run());
}

/** Runs a body that sets twice: as a fresh task, and outside any as `setsOutside` does. */
export async function setsEverywhere(body: Body): Promise<void> {
  await inTask(body);
  await alsoOutside(setsOutside, body);
}

async function alsoOutside(run: (body: Body) => Promise<void>, body: Body): Promise<void> {
  try {
    await run(body);
  } catch (cause) {
    throw new Error("this holds inside a task, but not outside", { cause });
  }
}

/** Returns `Promise.withResolvers()`, which Node.js 20 lacks. */
export function deferred<T = void>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
} {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => resolve = settle);
  return { promise, resolve };
}
