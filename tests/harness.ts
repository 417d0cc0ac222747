/**
 * Registers tests, each with the place where its body runs: in a fresh task, outside any, or both.
 *
 *     setsEverywhere("ContextVar.get() returns what was set", ({ user }) => { ... });
 *
 * A body gets variables and a context that nobody else has.
 *
 * Under a bare `Deno.test`, what a body sets before its first await reaches the next body.
 */

import { assertRejects } from "@std/assert";
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { Context, ContextVar, createTask, RuntimeError } from "@contextvars/contextvars";

export { deferred } from "./deferred.ts";

/** What a test works with, made for each run of its body. */
class Given {
  readonly user: ContextVar<string> = new ContextVar("user", { default: "nobody" });
  readonly role: ContextVar<string> = new ContextVar("role", { default: "user" });
  readonly tenant: ContextVar<string> = new ContextVar("tenant", { default: "none" });
  readonly context: Context = new Context();
}

type Body = (given: Given) => void | Promise<void>;

// By name, and not by a try: a runtime that loses its enterWith must fail.
const ON_WORKERS = globalThis.navigator?.userAgent === "Cloudflare-Workers";

/** Options of a test that makes no sense without `enterWith`, which Cloudflare Workers lack. */
export const NEEDS_ENTER_WITH: { readonly ignore: boolean } = { ignore: ON_WORKERS };

/** Options of a test of what holds only without `enterWith`. */
export const LACKS_ENTER_WITH: { readonly ignore: boolean } = { ignore: !ON_WORKERS };

// Taken when the first test file loads: nothing is set yet.
const runOutside = AsyncLocalStorage.snapshot();

type Rest = [Body] | [{ readonly ignore: boolean }, Body];
type Register = (name: string, ...rest: Rest) => void;

/** Registers a test whose body runs as a fresh task. */
export const inTask: Register = testThat(runInTask);

/** Registers a test whose body runs outside any task. */
export const outsideTasks: Register = testThat(runOutsideTasks);

/** Registers a test whose body runs twice: as a fresh task, and outside any. */
export const everywhere: Register = testThat(async (body) => {
  await runInTask(body);
  await alsoOutside(runOutsideTasks, body);
});

/** As `outsideTasks`, for a body that itself sets: on Cloudflare Workers it must say so, and fail. */
export const setsOutside: Register = testThat(runAndSetOutside);

/** As `everywhere`, for a body that itself sets: see `setsOutside`. */
export const setsEverywhere: Register = testThat(async (body) => {
  await runInTask(body);
  await alsoOutside(runAndSetOutside, body);
});

function testThat(run: (body: Body) => Promise<void>): Register {
  return (name, ...rest) => {
    const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
    Deno.test(name, options, () => run(body));
  };
}

async function runInTask(body: Body): Promise<void> {
  await runOutside(() => createTask(body, new Given()));
}

async function runOutsideTasks(body: Body): Promise<void> {
  // In a resource of its own: on Node.js 20, what a body sets stays in the resource it runs in.
  await runOutside(() => new AsyncResource("test").runInAsyncScope(body, undefined, new Given()));
}

async function runAndSetOutside(body: Body): Promise<void> {
  const run = () => runOutsideTasks(body);
  await (ON_WORKERS ? assertRejects(run, RuntimeError, "outside a task") : run());
}

async function alsoOutside(run: (body: Body) => Promise<void>, body: Body): Promise<void> {
  try {
    await run(body);
  } catch (cause) {
    throw new Error("this holds inside a task, but not outside", { cause });
  }
}
