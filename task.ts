/** `createTask`: concurrent work with a context of its own. */

import { checkFunction } from "./internal/check.ts";
import { currentFrame, enter, Frame } from "./internal/frame.ts";
import { valuesOf } from "./internal/outside.ts";
import { shared } from "./internal/shared.ts";
import { cannotCarry, carriesThroughAwait } from "./internal/storage.ts";

/**
 * Runs `fn(...args)` as a task, in a copy of the current context, and returns its promise.
 *
 * The task starts at once, as every async function does, and sees what was set before. Nothing
 * outside the task sees what it sets. `Promise.all` makes no tasks of its own: where Python has
 * `asyncio.gather(fn())`, write `Promise.all([createTask(fn)])`. Outside any task a plain
 * `Promise.all` may look right, since there no context is shared. `await createTask(main)` does
 * what `asyncio.run(main())` does.
 *
 * As `asyncio.create_task()`, which starts later. A task in the background that throws ends the
 * process if nobody catches: write `createTask(fn).catch(report)`. For Python's `context=`, write
 * `context.run(fn)`, which throws at once what `fn` throws before its first `await`.
 *
 * @param fn The function, async or not. Pass the function itself: a call would begin outside the
 * task.
 * @param args What it is called with.
 * @returns A promise of what `fn` returns. What it throws rejects the promise.
 * @throws {TypeError} `fn` is not a function.
 * @throws {RuntimeError} The runtime carries no context through an `await`, as in browsers.
 * @example Run two tasks side by side
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ContextVar, createTask } from "@contextvars/contextvars";
 *
 * const user = new ContextVar("user", { default: "nobody" });
 *
 * async function work(name: string): Promise<string> {
 *   user.set(name);
 *   await Promise.resolve();
 *   return user.get();
 * }
 *
 * const tasks = [createTask(work, "alice"), createTask(work, "bob")];
 * assertEquals(await Promise.all(tasks), ["alice", "bob"]);
 * assertEquals(user.get(), "nobody");
 * ```
 */
export function createTask<A extends unknown[], R>(
  fn: (this: void, ...args: A) => R,
  ...args: A
): Promise<Awaited<R>>;
/**
 * Runs `fn()` as a task, in a copy of the current context, and returns its promise. For a function
 * with overloads, such as the `next` of Express.
 *
 * @param fn The function.
 * @returns A promise of what `fn` returns. What it throws rejects the promise.
 * @throws {TypeError} `fn` is not a function.
 * @throws {RuntimeError} The runtime carries no context through an `await`, as in browsers.
 */
export function createTask<R>(fn: (this: void) => R): Promise<Awaited<R>>;
export function createTask<A extends unknown[], R>(
  fn: (this: void, ...args: A) => R,
  ...args: A
): Promise<Awaited<R>> {
  checkFunction(fn, "createTask");
  if (!carriesThroughAwait) throw cannotCarry("cannot start a task");
  const caller = currentFrame();
  return enter(new Frame(valuesOf(caller)), caller, settle<A, R>, fn, args);
}

/** Runs inside the task, `Promise.resolve` too, so that the `then` of a returned thenable does. */
function settle<A extends unknown[], R>(fn: (...args: A) => R, args: A): Promise<Awaited<R>> {
  try {
    return Promise.resolve(fn(...args)) as Promise<Awaited<R>>;
  } catch (error) {
    return Promise.reject(error);
  }
}

// @ts-expect-error TypeScript takes a function for a constant.
({ createTask } = shared({ createTask }));
