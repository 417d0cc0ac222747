/**
 * `Context`: the handle on a context, and the mapping that it is.
 *
 * The values are in the frame; a frame has one handle at the most, so that a context is always the
 * same object.
 */

import { type ContextVar, keyOf } from "./context_var.ts";
import { checkFunction, wrongThis } from "./internal/check.ts";
import { call, currentFrame, enter, Frame } from "./internal/frame.ts";
import { inspectHook, show } from "./internal/inspect.ts";
import { ABSENT } from "./internal/persistent_map.ts";

const SECRET = Symbol("what only this file can hand to the constructor");

type HandleConstructor = new (secret: typeof SECRET, frame: Frame) => Context;

let frameOf: (context: unknown, method: string) => Frame;

/**
 * A mapping from variables to values, in which code can be run.
 *
 * As `contextvars.Context` of PEP 567, with `bind` added. `new Context()` is empty;
 * {@linkcode copyContext} copies the current one. Keys are variables, told apart by identity;
 * iteration is over `[variable, value]` as with a `Map`, in an order that is not promised.
 *
 * @example Keep what a function sets
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Context, ContextVar } from "@contextvars/contextvars";
 *
 * const user = new ContextVar("user", { default: "anonymous" });
 * const context = new Context();
 *
 * context.run(() => user.set("alice"));
 * assertEquals(context.get(user), "alice");
 * assertEquals(user.get(), "anonymous");
 * ```
 */
export class Context {
  readonly #frame: Frame;

  static {
    frameOf = (context, method) => {
      try {
        return (context as Context).#frame;
      } catch { // it has none
        throw wrongThis("Context", method, context);
      }
    };
  }

  /** Makes an empty context. */
  constructor();
  /** @ignore */
  constructor(secret?: unknown, frame?: Frame) {
    this.#frame = secret === SECRET ? frame! : new Frame();
    this.#frame.context = this;
  }

  /**
   * Calls `fn(...args)` with this context as the current one.
   *
   * What `fn` sets stays in the context. Where `fn` is async, its continuations stay in it too. Two
   * async functions may be in flight in one context; but no call may enter a context that is
   * entered already: current, or below the current one in the calls of `run` on the stack. `fn`
   * gets `undefined` as `this`.
   *
   * @returns What `fn` returns. What it throws is thrown.
   * @throws {TypeError} `fn` is no function.
   * @throws {RuntimeError} The context is already entered, or was taken outside any task.
   * @example Run two steps in one context
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar, copyContext } from "@contextvars/contextvars";
   *
   * const step = new ContextVar("step", { default: 0 });
   * const context = copyContext();
   * const next = () => step.set(step.get() + 1);
   *
   * context.run(next);
   * context.run(next);
   * assertEquals(context.get(step), 2);
   * ```
   */
  run<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    const frame = frameOf(this, "run");
    checkFunction(fn, "Context.run");
    return enter(frame, call, fn, args);
  }

  /**
   * Makes a function that runs each call of `fn`, with its `this` and arguments, as a task in a
   * fresh copy of this context as it is at that call.
   *
   * For whatever calls back later: event listeners, pools, and servers. It keeps the `name` and
   * `length` of `fn`, and no other properties. A handler of `Deno.serve` must be bound: without
   * that, what one request sets before its first `await` reaches the next. What the server calls
   * after the handler has returned is not in the handler's task: bind a response body's `pull` and
   * `cancel` too, and catch errors in the handler rather than in `onError`.
   *
   * @throws {TypeError} `fn` is no function.
   * @example Serve requests, each in a context of its own
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar, copyContext } from "@contextvars/contextvars";
   *
   * const user = new ContextVar("user", { default: "anonymous" });
   *
   * function handler(request: Request): Response {
   *   const name = new URL(request.url).searchParams.get("user");
   *   if (name !== null) user.set(name);
   *   return new Response(user.get());
   * }
   *
   * const bound = copyContext().bind(handler); // for Deno.serve(bound)
   * const answer = (url: string) => bound(new Request(url)).text();
   * assertEquals(await answer("http://localhost/?user=alice"), "alice");
   * assertEquals(await answer("http://localhost/"), "anonymous");
   * ```
   */
  bind<F extends (...args: never[]) => unknown>(fn: F): F {
    const frame = frameOf(this, "bind");
    checkFunction(fn, "Context.bind");
    // A method, since one cannot be called with `new`.
    const { bound } = {
      bound(this: unknown, ...args: never[]): unknown {
        return enter(new Frame(frame), (fn, args) => Reflect.apply(fn, this, args), fn, args);
      },
    };
    Object.defineProperties(bound, { name: { value: fn.name }, length: { value: fn.length } });
    return bound as F;
  }

  /**
   * Returns a copy, in O(1). Neither changes with the other.
   *
   * @example Leave the original as it is
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { Context, ContextVar } from "@contextvars/contextvars";
   *
   * const visits = new ContextVar("visits", { default: 0 });
   * const visit = () => visits.set(visits.get() + 1);
   *
   * const context = new Context();
   * const copy = context.copy();
   * copy.run(visit);
   * assertEquals([context.has(visits), copy.get(visits)], [false, 1]);
   * ```
   */
  copy(): Context {
    return contextOf(new Frame(frameOf(this, "copy")));
  }

  /**
   * Returns the value that a variable has in this context, or `undefined`. Never its default.
   *
   * @throws {TypeError} The key is no variable.
   */
  get<T>(variable: ContextVar<T>): T | undefined;
  /**
   * Returns the value that a variable has in this context, or the fallback. Never its default.
   *
   * @throws {TypeError} The key is no variable.
   * @example Read a context from outside
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { Context, ContextVar } from "@contextvars/contextvars";
   *
   * const user = new ContextVar("user", { default: "anonymous" });
   * const context = new Context();
   *
   * assertEquals([context.get(user), context.get(user, "nobody")], [undefined, "nobody"]);
   * context.run(() => user.set("alice"));
   * assertEquals(context.get(user, "nobody"), "alice");
   * ```
   */
  get<T, D>(variable: ContextVar<T>, fallback: D): T | D;
  get<T, D>(variable: ContextVar<T>, fallback?: D): T | D | undefined {
    return frameOf(this, "get").get(keyOf(variable), variable, fallback) as T | D | undefined;
  }

  /**
   * Tells whether a variable has a value in this context. Its default does not count.
   *
   * @throws {TypeError} The key is no variable.
   * @example Tell a value from a default
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar, currentContext } from "@contextvars/contextvars";
   *
   * const user = new ContextVar("user", { default: "anonymous" });
   * assertEquals([user.get(), currentContext().has(user)], ["anonymous", false]);
   * ```
   */
  has(variable: ContextVar<unknown>): boolean {
    return frameOf(this, "has").get(keyOf(variable), variable, ABSENT) !== ABSENT;
  }

  /** The number of variables that have a value in this context. Counted at each call. */
  get size(): number {
    return frameOf(this, "size").entries().length;
  }

  /** Returns an iterator over the variables, as the context is now. */
  keys(): IterableIterator<ContextVar<unknown>> {
    return frameOf(this, "keys").entries().map(([variable]) => variable).values();
  }

  /** Returns an iterator over the values, as the context is now. */
  values(): IterableIterator<unknown> {
    return frameOf(this, "values").entries().map(([, value]) => value).values();
  }

  /** Returns an iterator over `[variable, value]`, as the context is now. */
  entries(): IterableIterator<[ContextVar<unknown>, unknown]> {
    return frameOf(this, "entries").entries().values();
  }

  /**
   * Calls a function with each value, its variable and this context, as the context is now.
   *
   * @throws {TypeError} `callback` is no function.
   * @example Print what is set
   * ```ts
   * import { ContextVar, copyContext } from "@contextvars/contextvars";
   *
   * const user = new ContextVar<string>("user");
   * user.run("alice", () => {
   *   copyContext().forEach((value, { name }) => console.log(`${name}: ${value}`));
   * });
   * ```
   */
  forEach(
    callback: (value: unknown, variable: ContextVar<unknown>, context: Context) => void,
    thisArg?: unknown,
  ): void {
    const entries = frameOf(this, "forEach").entries();
    checkFunction(callback, "Context.forEach");
    for (const [variable, value] of entries) {
      Reflect.apply(callback, thisArg, [value, variable, this]);
    }
  }

  /**
   * Returns an iterator over `[variable, value]`, as the context is now.
   *
   * @example Copy a context into a Map
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar, copyContext } from "@contextvars/contextvars";
   *
   * const user = new ContextVar<string>("user");
   * const values = user.run("alice", () => new Map(copyContext()));
   * assertEquals(values.get(user), "alice");
   * ```
   */
  [Symbol.iterator](): IterableIterator<[ContextVar<unknown>, unknown]> {
    return frameOf(this, "[Symbol.iterator]").entries().values();
  }

  /** Returns a short text with the number of variables. */
  toString(): string {
    return `<Context of size ${frameOf(this, "toString").entries().length}>`;
  }

  /**
   * Shows the size and the entries, for `console.log`.
   *
   * @ignore
   */
  [inspectHook](
    depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    if (!(#frame in this)) return "Context {}";
    const entries = new Map(this.#frame.entries());
    return show(this, "Context", entries, depth, options, inspect).replace(
      "Context Map",
      "Context",
    );
  }
}

/** Returns the handle on a frame. */
function contextOf(frame: Frame): Context {
  return frame.context ?? new (Context as HandleConstructor)(SECRET, frame);
}

/**
 * Returns a copy of the current context, in O(1).
 *
 * As `contextvars.copy_context()`.
 *
 * @example Try something without leaving a trace
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ContextVar, copyContext } from "@contextvars/contextvars";
 *
 * const mode = new ContextVar("mode", { default: "normal" });
 *
 * copyContext().run(() => {
 *   mode.set("test");
 *   assertEquals(mode.get(), "test");
 * });
 * assertEquals(mode.get(), "normal");
 * ```
 */
export function copyContext(): Context {
  return contextOf(new Frame(currentFrame()));
}

/**
 * Returns the current context itself; the same object for the same context.
 *
 * Outside any task that is the context of this moment: it never changes afterwards, and it cannot
 * be run. Run a copy.
 *
 * @example Look at what is set
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ContextVar, currentContext } from "@contextvars/contextvars";
 *
 * const user = new ContextVar<string>("user");
 *
 * user.run("alice", () => {
 *   const context = currentContext();
 *   assertEquals([...context], [[user, "alice"]]);
 *   user.set("bob");
 *   assertEquals(context.get(user), "bob");
 * });
 * ```
 */
export function currentContext(): Context {
  return contextOf(currentFrame());
}
