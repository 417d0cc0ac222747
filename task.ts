/** `createTask`: concurrent work with a context of its own. */

import { checkFunction } from "./internal/check.ts";
import { currentFrame, enter, Frame } from "./internal/frame.ts";
import { shared } from "./internal/shared.ts";
import { cannotCarry, carriesThroughAwait } from "./internal/storage.ts";

/**
 * Runs `fn()` as a task, in a copy of the current context, and returns its promise.
 *
 * @returns A promise of what `fn` returns. What it throws rejects the promise.
 * @throws {TypeError} `fn` is not a function.
 */
export function createTask<R>(fn: () => R): Promise<Awaited<R>>;
/**
 * Runs `fn(...args)` as a task, in a copy of the current context, and returns its promise.
 *
 * The task starts at once, as every async function does, and sees what was set before. Nothing
 * outside the task sees what it sets. `Promise.all` makes no tasks of its own: where Python has
 * `asyncio.gather(fn())`, write `Promise.all([createTask(fn)])`. `await createTask(main)` does what
 * `asyncio.run(main())` does.
 *
 * As `asyncio.create_task()`, which starts later.
 *
 * @returns A promise of what `fn` returns. What it throws rejects the promise.
 * @throws {TypeError} `fn` is not a function.
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
  fn: (...args: A) => R,
  ...args: A
): Promise<Awaited<R>>;
export function createTask<A extends unknown[], R>(
  fn: (...args: A) => R,
  ...args: A
): Promise<Awaited<R>> {
  checkFunction(fn, "createTask");
  if (!carriesThroughAwait) throw cannotCarry("cannot start a task");
  const caller = currentFrame();
  return enter(new Frame(caller), caller, settle<A, R>, fn, args);
}

/** Runs inside the task, `Promise.resolve` too, so that the `then` of a returned thenable does. */
function settle<A extends unknown[], R>(
  fn: (...args: A) => R,
  args: A,
): Promise<Awaited<R>> {
  try {
    return Promise.resolve(fn(...args)) as Promise<Awaited<R>>;
  } catch (error) {
    return Promise.reject(error);
  }
}

// @ts-expect-error TypeScript takes a function for a constant.
({ createTask } = shared({ createTask }));
