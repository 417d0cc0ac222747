/**
 * `Context`: the object that stands for a context, and a mapping.
 *
 * Its values are in a frame. A frame has at most one `Context`, so that inside a task
 * `currentContext()` always returns the same object.
 */

import { type ContextVar, numberOf } from "./context_var.ts";
import { bindGenerator, generatorKind } from "./internal/bound_generator.ts";
import { checkFunction, wrongThis } from "./internal/check.ts";
import { callIn, currentFrame, Frame, frameStorage, mark } from "./internal/frame.ts";
import { describe, printAs } from "./internal/inspect.ts";
import { momentOf, valuesOf } from "./internal/outside.ts";
import { ABSENT, type Absent } from "./internal/persistent_map.ts";
import { shared } from "./internal/shared.ts";

let contextOf: (frame: Frame) => Context;

/**
 * What `bind` makes of a function: it can be called the same ways, and has none of the function's
 * properties but `name` and `length`. Bound to a copy, its `listener` is the function itself.
 */
export type BoundFunction<F> =
  & F
  & { readonly listener?: F }
  & { readonly [Name in keyof F as Exclude<Name, "name" | "length" | "listener">]: never };

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
  #frame: Frame | undefined; // made when first needed; `contextOf` puts an existing one here
  #isMadeByUser = true; // made by `new Context()`, and not by `contextOf`

  static {
    contextOf = (frame) => {
      if (frame.context !== undefined) return frame.context as Context;
      const context = new Context();
      context.#frame = frame;
      context.#isMadeByUser = false;
      frame.context = context;
      return context;
    };

    printAs(
      this.prototype,
      "Context",
      (context) => Context.#is(context) ? new Shown(Context.#entriesOf(context)) : {},
    );
  }

  static #is(value: unknown): value is Context {
    return typeof value === "object" && value !== null && #frame in value;
  }

  static #frameOf(context: Context): Frame {
    if (context.#frame === undefined) {
      context.#frame = new Frame();
      context.#frame.context = context;
    }
    return context.#frame;
  }

  /** Lists the entries. The cast is needed because a frame's type calls its keys `object`. */
  static #entriesOf(context: Context): [ContextVar<unknown>, unknown][] {
    return Context.#frameOf(context).entries() as [ContextVar<unknown>, unknown][];
  }

  /**
   * Makes an empty context. {@linkcode copyContext} makes one with the current values.
   *
   * @throws {TypeError} There is an argument.
   */
  constructor(...args: []);
  /** @ignore */
  constructor(...args: unknown[]) {
    if (args.length > 0) {
      throw new TypeError(
        `new Context() takes no arguments, got ${describe(args[0])}; ` +
          "copyContext() makes a context that has values",
      );
    }
  }

  /**
   * Calls `fn()` with this context as the current one.
   *
   * @returns What `fn` returns. What it throws is thrown.
   * @throws {TypeError} `fn` is not a function.
   * @throws {RuntimeError} The context is already entered, or is what
   * {@linkcode currentContext} gave outside any task.
   */
  run<R>(this: Context, fn: (this: void) => R): R;
  /**
   * Calls `fn(...args)` with this context as the current one.
   *
   * What `fn` sets stays in the context. If `fn` is async, what follows its awaits runs in the
   * context too. Two async functions may be in flight in one context. But a context cannot be
   * entered while it is current, nor while a call of `run` that its code has made is on the stack.
   *
   * What starts only when it is awaited, such as a database query, starts outside the context if
   * `fn` returns it: pass an async function, `context.run(async () => await query)`.
   *
   * @returns What `fn` returns. What it throws is thrown.
   * @throws {TypeError} `fn` is not a function.
   * @throws {RuntimeError} The context is already entered, or is what
   * {@linkcode currentContext} gave outside any task.
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
  run<A extends unknown[], R>(this: Context, fn: (this: void, ...args: A) => R, ...args: A): R;
  run<A extends unknown[], R>(this: Context, fn: (this: void, ...args: A) => R, ...args: A): R {
    if (!Context.#is(this)) throw wrongThis("Context", "run", this, "context.run(fn)");
    checkFunction(fn, "Context.run");
    const frame = Context.#frameOf(this);
    // As `enter`, but with one call less on the stack: so contexts nest a third deeper.
    const caller = currentFrame();
    const callerWasEntered = mark(frame, caller);
    try {
      return frameStorage.run(frame, fn, ...args);
    } finally {
      frame.entered = false;
      caller.entered = callerWasEntered;
    }
  }

  /**
   * Makes a function that runs each call of `fn`, with its `this` and arguments, as a task in a
   * fresh copy of this context as it is at that call.
   *
   * Which context to bind to depends on whose callback it is:
   *
   * - `new Context().bind(handler)`, for what comes from outside: a request, a message, a job.
   *   Each starts with nothing set. The module's `servers` entry point does it for whole servers.
   * - `copyContext().bind(callback)`, for a callback that belongs to the code that binds it, such
   *   as an event listener. Never for a handler: in a module that a request loads with `import()`,
   *   it would copy the context of that request.
   * - `currentContext().bind(callback)`, for one that shall see all that its task sets until then.
   *
   * The result has the `name` and `length` of `fn`, and no other properties: a method of `fn` would
   * not be bound. Bound to a copy or to the current context, its `listener` is `fn`, so that
   * `emitter.off("event", fn)` removes the newest one; to remove a certain one, keep the result. An
   * `EventTarget` has no such rule. Bound to a context of `new Context()` it has no `listener`:
   * `emitter.listeners()` would give a handler unbound, and libraries that attach to a server, as
   * Socket.IO does, call what that gives. What a server calls after a handler has returned is not
   * in the handler's task: bind a response body's `pull` and `cancel` too. A query that `fn`
   * returns and that starts only when it is awaited starts outside the task: bind an async
   * function.
   *
   * If `fn` is a generator function, sync or async, each `next`, `return` and `throw` of the bound
   * call's generator runs in the context of that call, to its end. Pass `bind` the generator
   * function itself: a generator that an ordinary function returns is not bound, and compilers make
   * ordinary functions of async generators for targets before ES2018. Without `bind` a generator's
   * body runs in the context of whoever calls `next`, as in Python.
   *
   * @throws {TypeError} `fn` is not a function.
   * @example Handle messages, each in a context of its own
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { Context, ContextVar } from "@contextvars/contextvars";
   *
   * const user = new ContextVar("user", { default: "anonymous" });
   *
   * function handler(message: { user?: string }): string {
   *   if (message.user !== undefined) user.set(message.user);
   *   return `hello, ${user.get()}`;
   * }
   *
   * const bound = new Context().bind(handler); // for a queue, a router, a worker
   * assertEquals(bound({ user: "alice" }), "hello, alice");
   * assertEquals(bound({}), "hello, anonymous");
   * ```
   */
  // deno-lint-ignore no-explicit-any -- never[] types the parameter of an `onmessage` as never
  bind<F extends (...args: any[]) => unknown>(fn: F): BoundFunction<F> {
    const frame = Context.#frameOf(this);
    checkFunction(fn, "Context.bind");
    const kind = generatorKind(fn);
    // A method, so that `new` on the result throws.
    const { bound } = {
      bound(this: unknown, ...args: never[]): unknown {
        const own = new Frame(frame);
        const result = callIn(own, fn, this, args);
        return kind === undefined ? result : bindGenerator(result as never, kind, own);
      },
    };
    Object.defineProperties(bound, {
      name: { value: fn.name },
      length: { value: fn.length },
      // Node.js's emitters compare it in `off`; but `listeners` gives it in the function's place.
      ...!this.#isMadeByUser && { listener: { value: fn } },
    });
    return bound as BoundFunction<F>;
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
  copy(this: Context): Context {
    return contextOf(new Frame(Context.#frameOf(this)));
  }

  /**
   * Tells whether another context has the same variables with the same values, by `Object.is`.
   *
   * As Python's `==`, which compares the values by `==` too. The deep equality of test libraries
   * cannot look into a context: each finds some contexts equal that differ. Write
   * `assert(a.equals(b))`.
   *
   * @throws {TypeError} `other` is not a `Context`.
   * @example Check that nothing was left behind
   * ```ts
   * import { assert } from "@std/assert";
   * import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";
   *
   * const role = new ContextVar("role", { default: "user" });
   *
   * await createTask(() => {
   *   const before = copyContext();
   *   role.reset(role.set("admin"));
   *   assert(copyContext().equals(before));
   * });
   * ```
   */
  equals(other: Context): boolean {
    const frame = Context.#frameOf(this);
    if (!Context.#is(other)) {
      throw new TypeError(`Context.equals() needs a Context, got ${describe(other, "Context")}`);
    }
    return frame.equals(Context.#frameOf(other));
  }

  /**
   * Returns the value that a variable has in this context, or `undefined`. Never its default.
   *
   * @throws {TypeError} The key is not a variable.
   */
  get<T>(variable: ContextVar<T>): T | undefined;
  /**
   * Returns the value that a variable has in this context, or the fallback. Never its default.
   *
   * @throws {TypeError} The key is not a variable.
   */
  get<T>(variable: ContextVar<T>, fallback: T): T;
  /**
   * Returns the value that a variable has in this context, or a fallback of another type. Never its
   * default.
   *
   * @throws {TypeError} The key is not a variable.
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
    const value = Context.#frameOf(this).get(numberOf(variable)) as T | Absent;
    return value === ABSENT ? fallback : value;
  }

  /**
   * Tells whether a variable has a value in this context. Its default does not count.
   *
   * @throws {TypeError} The key is not a variable.
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
    return Context.#frameOf(this).get(numberOf(variable)) !== ABSENT;
  }

  /** The number of variables that have a value in this context. It is counted anew, in O(n). */
  get size(): number {
    return Context.#entriesOf(this).length;
  }

  /** Returns an iterator over the variables, as the context is now. */
  keys(): IterableIterator<ContextVar<unknown>> {
    return Context.#entriesOf(this).map(([variable]) => variable).values();
  }

  /** Returns an iterator over the values, as the context is now. */
  values(): IterableIterator<unknown> {
    return Context.#entriesOf(this).map(([, value]) => value).values();
  }

  /** Returns an iterator over `[variable, value]`, as the context is now. */
  entries(): IterableIterator<[ContextVar<unknown>, unknown]> {
    return Context.#entriesOf(this).values();
  }

  /**
   * Calls a function with each value, its variable and this context, as the context is now.
   *
   * @throws {TypeError} `callback` is not a function.
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
    const entries = Context.#entriesOf(this);
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
    return Context.#entriesOf(this).values();
  }

  /** Returns a short text with the number of variables. */
  toString(): string {
    return Context.#frameOf(this).toString();
  }
}

/** A `Map` that prints as a context does. */
class Shown extends Map<ContextVar<unknown>, unknown> {
  static override readonly name = "Context";
  override get [Symbol.toStringTag](): string {
    return "Context";
  }
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
  return contextOf(new Frame(valuesOf(currentFrame())));
}

/**
 * Returns the current context itself; the same object for the same context.
 *
 * Outside any task it is the context of this moment: it never changes afterwards, and it cannot be
 * run. Run a copy.
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
  return contextOf(momentOf(currentFrame()));
}

// @ts-expect-error TypeScript takes a class or a function for a constant.
({ Context, copyContext, currentContext } = shared({ Context, copyContext, currentContext }));
