/**
 * The storage of the frames: the runtime's `AsyncLocalStorage`; else an `AsyncContext.Variable`, of
 * the TC39 proposal; else, as in browsers, the stack of synchronous calls.
 */

// Not by name: where a bundle for browsers has an empty module in its place, that would end it.
import * as hooks from "node:async_hooks";
import { RuntimeError } from "../errors.ts";

/** What the core needs of an `AsyncLocalStorage`. */
export type Storage<S> = Pick<hooks.AsyncLocalStorage<S>, "getStore" | "run" | "enterWith">;

type Run<S> = <A extends unknown[], R>(store: S, fn: (...args: A) => R, ...args: A) => R;

interface AsyncContext {
  readonly Variable?: new <S>() => { get(): S | undefined; run: Run<S> };
}

const Native: typeof hooks.AsyncLocalStorage | undefined = hooks.AsyncLocalStorage;
const { AsyncContext } = globalThis as { AsyncContext?: AsyncContext | null };
const Variable = AsyncContext?.Variable;

/** Whether the storage of this runtime carries a frame through an `await`. */
export const carriesThroughAwait: boolean = (Native ?? Variable) !== undefined;

/** The reason to give where it does not. */
export const CANNOT_CARRY = "cannot carry a context through an await";

/** Makes the storage. */
export function makeStorage<S>(): Storage<S> {
  if (Native !== undefined) return new Native<S>();
  if (Variable === undefined) return makeStack<S>();
  const variable = new Variable<S>();
  const run: Run<S> = (store, fn, ...args) => variable.run(store, fn, ...args);
  return { getStore: () => variable.get(), run, enterWith };
}

function makeStack<S>(): Storage<S> {
  let current: S | undefined;
  const run: Run<S> = (store, fn, ...args) => {
    const before = current;
    current = store;
    let result;
    try {
      result = fn(...args);
    } finally {
      current = before;
    }
    if (typeof (result as { then?: unknown } | undefined | null)?.then === "function") {
      // Nobody gets the promise, so nobody could handle its rejection.
      if (result instanceof Promise) result.catch(() => {});
      throw cannotCarry("cannot run a function that returns a promise");
    }
    return result;
  };
  return { getStore: () => current, run, enterWith };
}

/** Makes the error for that, where code would go on after an `await`. */
export function cannotCarry(what: string): RuntimeError {
  const advice = "read the values before it, and pass them on as arguments";
  return new RuntimeError(`${what}: this runtime ${CANNOT_CARRY}; ${advice}`);
}

function enterWith(): never {
  throw new TypeError("there is no AsyncLocalStorage here");
}
