/**
 * What a door is, and how one is tried.
 *
 * A door is a way by which a runtime calls back later. It is tried from inside one task, which
 * registers the callback, and is made to fire from another wherever somebody has to fire it. Each
 * attempt has values of its own, so that a callback cannot be taken in by what an earlier one left.
 */

import { ContextVar, copyContext } from "@contextvars/contextvars";

const DEADLINE = 3_000;

/**
 * Whose context the callback ran in: that of the task that registered it (`kept`), that of the task
 * that fired it, none, or a third task's.
 */
export type Outcome = "kept" | "dispatcher's" | "nothing" | "another's" | "not there";

/** What came of one attempt; where the door is not there, why. */
export interface Result {
  readonly outcome: Outcome;
  readonly why?: string;
}

/** What a door gets to be tried with. */
export interface Attempt {
  /** What is to be called through the door. Its first call counts. */
  readonly callback: () => void;
  /** Runs a function in another task, the dispatcher. */
  readonly elsewhere: <R>(fn: () => R) => R;
  /** Has a function called when the attempt is over, to close what the door has opened. */
  readonly afterwards: (close: () => unknown) => void;
}

/** Registers the callback in the current task, and sees to it that it is called. */
export type Door = (attempt: Attempt) => unknown;

/** Doors by their names. */
export type Doors = Readonly<Record<string, Door>>;

const role = new ContextVar<object | undefined>("role", { default: undefined });

/** Tries a door, with the callback as it is or bound to the task that registers it. */
export async function tryDoor(door: Door, bound: boolean): Promise<Result> {
  const registering = {};
  const dispatching = {};
  const { promise: called, resolve } = deferred<object | undefined>();
  const look = () => resolve(role.get());
  const closers: (() => unknown)[] = [];
  const opened = role.run(registering, async () => {
    await door({
      callback: bound ? copyContext().bind(look) : look,
      elsewhere: (fn) => role.run(dispatching, fn),
      afterwards: (close) => void closers.push(close),
    });
    return await called;
  });
  try {
    const seen = await withDeadline(opened);
    if (seen === undefined) return { outcome: "nothing" };
    if (seen === registering) return { outcome: "kept" };
    return { outcome: seen === dispatching ? "dispatcher's" : "another's" };
  } catch (error) {
    return { outcome: "not there", why: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const close of closers) close();
  }
}

/** `Promise.withResolvers`, which Node.js 20 has not. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void;
  const promise = new Promise<T>((settle) => resolve = settle);
  return { promise, resolve: resolve! };
}

/** Waits for a turn of the event loop. */
export function pause(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}

/** Imports a module of the runtime; where that fails, its use throws what the import threw. */
export async function load<T extends object>(module: Promise<T>): Promise<T> {
  try {
    return await module;
  } catch (error) {
    return new Proxy({} as T, {
      get(_target, key) {
        if (key === "then") return undefined; // or an await would take it for a promise
        throw error;
      },
    });
  }
}

async function withDeadline<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("the callback is not called")), DEADLINE);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
