/**
 * `ContextVar`: a variable with a value of its own in each context.
 *
 * Variables are told apart by identity. A variable's number, counted up as variables are made, only
 * says where in the map to look.
 */

import { LookupError } from "./errors.ts";
import { checkFunction, wrongThis } from "./internal/check.ts";
import { currentFrame, enter, Frame, lookUp } from "./internal/frame.ts";
import { describe, printAs, quote } from "./internal/inspect.ts";
import { observer } from "./internal/observer.ts";
import { valuesOf } from "./internal/outside.ts";
import { ABSENT, type Absent, Key } from "./internal/persistent_map.ts";
import { shared } from "./internal/shared.ts";
import { resetInTask, resetOutside, setByKey, type Token } from "./token.ts";

/** Returns the number of a variable's key, or throws the `TypeError` for anything else. */
export let numberOf: (key: unknown) => number;

/** What `get` returns where there is no value: one default for all, or one that each task makes. */
export type ContextVarOptions<T> =
  | {
    /**
     * What `get` returns where there is no value. All tasks share it, even if it is mutable.
     *
     * An empty list needs its type: `[] as string[]`, or `new ContextVar<string[]>(...)`.
     */
    readonly default: T;
    /** Not together with `default`. */
    readonly defaultFactory?: never;
  }
  | {
    /**
     * `get` calls it in a task that has no value, and stores the result there; tasks started
     * afterwards inherit it. Outside any task nothing is stored, and each `get` makes a new value.
     *
     * Name the type that it returns, as in `(): string[] => []`: that of `() => []` is `never[]`.
     */
    readonly defaultFactory: () => T;
    /** Not together with `defaultFactory`. */
    readonly default?: never;
  };

// Own names for what `get` needs: see internal/frame.ts.
const NOTHING: Absent = ABSENT;
const ownLookUp = lookUp;

const OPTIONS: readonly PropertyKey[] = ["default", "defaultFactory"];

/**
 * A variable with a value of its own in each context, and so in each task.
 *
 * Make variables at the top level of a module, not in a function that is called again and again: a
 * context keeps the variables that are set in it alive.
 *
 * As `contextvars.ContextVar` of PEP 567, with `run` and `defaultFactory` added.
 *
 * @example Give each request its own id
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ContextVar, createTask } from "@contextvars/contextvars";
 *
 * const requestId = new ContextVar("requestId", { default: "-" });
 *
 * async function handle(id: string): Promise<string> {
 *   requestId.set(id);
 *   await Promise.resolve();
 *   return requestId.get();
 * }
 *
 * const tasks = [createTask(handle, "r1"), createTask(handle, "r2")];
 * assertEquals(await Promise.all(tasks), ["r1", "r2"]);
 * assertEquals(requestId.get(), "-");
 * ```
 */
export class ContextVar<T> {
  readonly #key: Key<ContextVar<T>>;
  readonly #number: number; // the key's, which `get` and `set` need: it saves them a cache miss
  readonly #name: string;
  readonly #default: T | typeof NOTHING;
  readonly #factory: (() => T) | undefined;

  static {
    numberOf = (key) => {
      if (ContextVar.#is(key)) return key.#number;
      throw new TypeError(`a ContextVar key was expected, got ${describe(key, "ContextVar")}`);
    };

    printAs(this.prototype, "ContextVar", (variable) =>
      ContextVar.#is(variable)
        ? {
          name: variable.#name,
          ...(variable.#default !== NOTHING && { default: variable.#default }),
          ...(variable.#factory !== undefined && { defaultFactory: variable.#factory }),
        }
        : {});
  }

  static #is(value: unknown): value is ContextVar<unknown> {
    return typeof value === "object" && value !== null && #key in value;
  }

  /**
   * Makes a variable.
   *
   * @param name What messages and logs call it. Two variables may have one name.
   * @param options A `default`, or a `defaultFactory`. Only own properties count; an own `default`
   * of `undefined` is a default.
   * @throws {TypeError} The name is not a string; the options are not an object, have a property
   * that is not an option, or have both a `default` and a `defaultFactory`; or the `defaultFactory`
   * is not a function.
   * @example A default that each task makes for itself
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar, createTask } from "@contextvars/contextvars";
   *
   * const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
   *
   * const append = (line: string) => log.get().push(line);
   * const tasks = [createTask(append, "a"), createTask(append, "b")];
   * assertEquals(await Promise.all(tasks), [1, 1]);
   * ```
   */
  constructor(name: string, options?: ContextVarOptions<T>) {
    if (typeof name !== "string") {
      throw new TypeError(`the name of a ContextVar must be a string, got ${describe(name)}`);
    }
    const { value, factory } = readOptions(name, options);
    this.#name = name;
    this.#default = value;
    this.#factory = factory;
    this.#key = new Key(this);
    this.#number = this.#key.number;
  }

  /** The name that the variable was made with. */
  get name(): string {
    return this.#name;
  }

  /**
   * Returns the variable's value in the current context; where it has none, the fallback. The
   * default and the `defaultFactory` are ignored.
   *
   * @param fallback What to return where there is no value; `undefined` is a fallback too.
   * @example Read a variable that may not be set
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar } from "@contextvars/contextvars";
   *
   * const user = new ContextVar<string>("user");
   * assertEquals(user.get("anonymous"), "anonymous");
   * ```
   */
  get(this: ContextVar<T>, fallback: T): T;
  /**
   * Returns the variable's value in the current context; where it has none, a fallback of another
   * type. The default and the `defaultFactory` are ignored.
   *
   * @param fallback What to return where there is no value; `undefined` is a fallback too.
   */
  get<D>(this: ContextVar<T>, fallback: D): T | D;
  // This one last: TypeScript infers the type of `get` from the last overload.
  /**
   * Returns the variable's value in the current context; where it has none, the default; else a new
   * value from the `defaultFactory`. A task stores that as `set` would, and tasks that it starts
   * afterwards share it. Outside any task nothing is stored: each call makes a new value.
   *
   * @throws {LookupError} There is no value, no default and no `defaultFactory`.
   * @example Read what an outer call has set
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar } from "@contextvars/contextvars";
   *
   * const locale = new ContextVar("locale", { default: "en" });
   * assertEquals(locale.run("fr", () => locale.get()), "fr");
   * ```
   */
  get(this: ContextVar<T>): T;
  get<D>(this: ContextVar<T>, fallback?: D): T | D {
    let number: number;
    try {
      number = this.#number; // `#number in this` before it makes `get` 20 % slower
    } catch {
      throw wrongThis("ContextVar", "get", this, "context.run(() => variable.get())");
    }
    const value = ownLookUp(number);
    // The type first: bundlers make a `var` of the constant, which takes 5 % more to compare with.
    if (typeof value !== "symbol" || value !== NOTHING) return value as T;
    if (arguments.length > 0) return fallback as D; // a rest parameter is slow on Bun
    return ContextVar.#standIn(this);
  }

  /**
   * Returns the default, or makes it. Apart from `get`, since engines inline what is short; static,
   * since a private method costs each variable a field.
   */
  static #standIn<T>(variable: ContextVar<T>): T {
    if (variable.#default !== NOTHING) return variable.#default;
    const factory = variable.#factory;
    if (factory === undefined) {
      throw new LookupError(
        `${variable} has no value here and no default; set it first, give it a default, or pass a ` +
          `fallback${observer.reasonOf(variable)}`,
      );
    }
    const value = factory();
    const frame = currentFrame(); // after the factory has run: it may set, and so move this code
    // Outside any task unrelated code would share the value.
    if (frame.outside === undefined) frame.set(variable.#number, variable.#key, value);
    else observer.madeOutside(variable);
    return value;
  }

  /**
   * Gives the variable a value in the current context.
   *
   * Inside a task, everything that shares the task's context sees the value: the functions that the
   * code awaits, and the function that awaits it. Outside any task, only the code that follows sees
   * it, and what that code starts. But the part of an async function before its first `await` runs
   * in its caller, so a `set` there reaches the caller. Start a task instead.
   *
   * @returns A token that takes the value back, by
   * {@linkcode ContextVar.prototype.reset | reset} or by `using`.
   * @throws {RuntimeError} The code runs outside any task, in strict mode or on Cloudflare Workers,
   * which have no `AsyncLocalStorage.enterWith`.
   * @example Let a helper set a value for its awaiter
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar, createTask } from "@contextvars/contextvars";
   *
   * const user = new ContextVar<string>("user");
   *
   * async function authenticate(): Promise<void> {
   *   await Promise.resolve();
   *   user.set("alice");
   * }
   *
   * await createTask(async () => {
   *   await authenticate();
   *   assertEquals(user.get(), "alice");
   * });
   * ```
   */
  set(this: ContextVar<T>, value: T): Token<T> {
    let number: number;
    try {
      number = this.#number;
    } catch {
      throw wrongThis("ContextVar", "set", this, "context.run(() => variable.set(value))");
    }
    return setByKey(number, this.#key, value);
  }

  /**
   * Puts back what the variable had before the `set` that made the token: the old value, or
   * nothing.
   *
   * Tokens may be used in any order, each once. A reset that fails changes nothing, and leaves the
   * token usable. A token made outside any task takes the value back from all code outside tasks
   * that has it from that `set`; a task that has copied it keeps it. Where it is the
   * `oldValue` of another token, a later reset by that token puts it back, as in Python.
   *
   * A bound function runs in a context of its own, so a token from elsewhere is refused there. Take
   * the value back with `token[Symbol.dispose]()`, for instance when a response is closed.
   *
   * @throws {TypeError} The token is not a `Token`.
   * @throws {RuntimeError} The token was used before.
   * @throws {ValueError} The token was made by another variable, or in another context.
   * @example Set a value for the time of a block
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar, createTask } from "@contextvars/contextvars";
   *
   * const depth = new ContextVar("depth", { default: 0 });
   *
   * await createTask(() => {
   *   const token = depth.set(depth.get() + 1);
   *   try {
   *     assertEquals(depth.get(), 1);
   *   } finally {
   *     depth.reset(token);
   *   }
   *   assertEquals(depth.get(), 0);
   * });
   * ```
   */
  reset(this: ContextVar<T>, token: Token<T>): void {
    if (!ContextVar.#is(this)) {
      throw wrongThis("ContextVar", "reset", this, "context.run(() => variable.reset(token))");
    }
    if (!resetInTask(token, this.#number, this.#key)) resetOutside(token, this);
  }

  /**
   * Calls `fn()` as a task of its own, in a copy of the current context in which the variable has
   * `value`.
   *
   * @returns What `fn` returns. What it throws is thrown.
   * @throws {TypeError} `fn` is not a function.
   */
  run<R>(this: ContextVar<T>, value: T, fn: (this: void) => R): R;
  /**
   * Calls `fn(...args)` as a task of its own, in a copy of the current context in which the
   * variable has `value`.
   *
   * Nothing that `fn` sets is seen outside it, not even what it sets after an `await`. What starts
   * only when it is awaited, such as a database query, starts outside the call if `fn` returns it:
   * pass an async function, `variable.run(value, async () => await query)`.
   *
   * @returns What `fn` returns. What it throws is thrown.
   * @throws {TypeError} `fn` is not a function.
   * @example Run a request for a user
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar } from "@contextvars/contextvars";
   *
   * const user = new ContextVar("user", { default: "anonymous" });
   * const greet = (greeting: string) => `${greeting}, ${user.get()}`;
   *
   * assertEquals(user.run("alice", greet, "hello"), "hello, alice");
   * assertEquals(greet("hello"), "hello, anonymous");
   * ```
   */
  run<A extends unknown[], R>(
    this: ContextVar<T>,
    value: T,
    fn: (this: void, ...args: A) => R,
    ...args: A
  ): R;
  run<A extends unknown[], R>(
    this: ContextVar<T>,
    value: T,
    fn: (this: void, ...args: A) => R,
    ...args: A
  ): R {
    if (!ContextVar.#is(this)) {
      throw wrongThis("ContextVar", "run", this, "variable.run(value, fn)");
    }
    checkFunction(fn, "ContextVar.run", "the value comes first: run(value, fn)");
    const caller = currentFrame();
    const frame = new Frame(valuesOf(caller));
    frame.set(this.#number, this.#key, value);
    return enter(frame, caller, fn, ...args);
  }

  /** Returns a short text that names the variable. */
  toString(): string {
    return `<ContextVar ${quote(this.#name)}>`;
  }
}

/** Reads each option once, and only where it is the caller's own. */
function readOptions<T>(
  name: string,
  options: ContextVarOptions<T> | undefined,
): { value: T | typeof NOTHING; factory: (() => T) | undefined } {
  if (options === undefined) return { value: NOTHING, factory: undefined };
  const subject = `the options of <ContextVar ${quote(name)}>`;
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `${subject} must be an object such as { default: value }, got ${describe(options)}`,
    );
  }
  if (Reflect.ownKeys(options).some((key) => !OPTIONS.includes(key))) {
    throw new TypeError(
      `${subject} have a property that is not an option; use default or defaultFactory`,
    );
  }
  const hasDefault = Object.hasOwn(options, "default");
  const hasFactory = Object.hasOwn(options, "defaultFactory");
  if (hasDefault && hasFactory) {
    throw new TypeError(`${subject} have both a default and a defaultFactory; leave one out`);
  }
  const value = hasDefault ? options.default as T : NOTHING;
  const factory = hasFactory ? options.defaultFactory : undefined;
  if (hasFactory && typeof factory !== "function") {
    throw new TypeError(
      `${subject} must have a function as defaultFactory, got ${describe(factory)}`,
    );
  }
  return { value, factory };
}

// @ts-expect-error TypeScript takes a class for a constant.
({ ContextVar } = shared({ ContextVar }));
