/**
 * `Token`: what one `set` remembers, and the rules for taking it back.
 *
 * A token is used once, by `ContextVar.reset` or by `using`, and a use that fails leaves it usable.
 */

import type { ContextVar } from "./context_var.ts";
import { RuntimeError, ValueError } from "./errors.ts";
import { wrongThis } from "./internal/check.ts";
import { currentFrame, type Frame, undoOutside } from "./internal/frame.ts";
import { describe, inspectHook, show } from "./internal/inspect.ts";
import { Change } from "./internal/outside.ts";
import { ABSENT, type Absent } from "./internal/persistent_map.ts";

const MISSING: unique symbol = Symbol("Token.MISSING");
const NOTHING: Absent = ABSENT; // V8 reads an import at each use
const SECRET = Symbol("only this file can pass it to the constructor");

/** Makes a token. Its origin is what the `set` changed: its task's frame or, outside any, a `Change`. */
export let issue: <T>(
  origin: Frame | Change,
  number: number,
  variable: ContextVar<T>,
  oldValue: T | Absent,
) => Token<T>;

/** Resets `variable` by a token, in the current context, after all checks. */
export let redeem: <T>(token: Token<T>, variable: ContextVar<T>) => void;

let isToken: (value: unknown) => boolean;
/** Puts back, in the frame of a task, what a token remembers. */
let undoIn: <T>(frame: Frame, token: Token<T>) => void;

/**
 * What {@linkcode ContextVar.prototype.set | ContextVar.set} returns: a way back to what the
 * variable had before.
 *
 * Hand it to {@linkcode ContextVar.prototype.reset | ContextVar.reset}, or let `using` undo the
 * `set` where the block ends. A token works once. It belongs to one variable and to the context in
 * which it was made; a token made outside any task can be reset outside any task.
 *
 * As `contextvars.Token` of PEP 567, which is a context manager since Python 3.14.
 *
 * @example Undo a set where the block ends
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ContextVar, createTask } from "@contextvars/contextvars";
 *
 * const role = new ContextVar("role", { default: "user" });
 *
 * await createTask(() => {
 *   {
 *     using _token = role.set("admin");
 *     assertEquals(role.get(), "admin");
 *   }
 *   assertEquals(role.get(), "user");
 * });
 * ```
 */
export class Token<T> {
  /** What `oldValue` is where the variable had no value before. */
  static readonly MISSING: typeof MISSING = MISSING;

  // What the `set` changed; undefined once the token was used, so that it keeps nothing alive.
  #origin: Frame | Change | undefined;
  readonly #number: number;
  readonly #variable: ContextVar<T>;
  readonly #oldValue: T | Absent;

  static {
    issue = (origin, number, variable, oldValue) =>
      new Token(SECRET, origin, number, variable, oldValue);

    redeem = (token, variable) => {
      if (!isToken(token)) {
        throw new TypeError(
          `ContextVar.reset() needs a Token, got ${
            describe(token, "Token")
          }; pass what set() returned`,
        );
      }
      const origin = token.#origin;
      if (origin === undefined) throw new RuntimeError(`${token} has already been used once`);
      if (token.#variable !== variable) {
        throw new ValueError(`${token} was created by a different ContextVar`);
      }
      const frame = currentFrame();
      if (origin === frame) undoIn(frame, token);
      else if (origin instanceof Change && frame.outside !== undefined) undoOutside(origin);
      else throw new ValueError(`${token} was created in a different Context`);
      token.#origin = undefined;
    };

    undoIn = (frame, token) => {
      if (token.#oldValue === NOTHING) frame.delete(token.#number);
      else frame.set(token.#number, token.#variable, token.#oldValue);
    };

    isToken = (value) => typeof value === "object" && value !== null && #origin in value;
  }

  private constructor(
    secret: unknown,
    origin: Frame | Change,
    number: number,
    variable: ContextVar<T>,
    oldValue: T | Absent,
  ) {
    if (secret !== SECRET) {
      throw new RuntimeError("Tokens can only be created by ContextVars; call set() on one");
    }
    this.#origin = origin;
    this.#number = number;
    this.#variable = variable;
    this.#oldValue = oldValue;
  }

  /** The variable whose `set` made this token. */
  get var(): ContextVar<T> {
    if (!isToken(this)) throw wrongThis("Token", "var", this);
    return this.#variable;
  }

  /**
   * What the variable had before the `set`, or {@linkcode Token.MISSING} where it had no value.
   *
   * @example Tell what a set has replaced
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar, createTask, Token } from "@contextvars/contextvars";
   *
   * const user = new ContextVar<string>("user");
   *
   * await createTask(() => {
   *   assertEquals(user.set("alice").oldValue, Token.MISSING);
   *   assertEquals(user.set("bob").oldValue, "alice");
   * });
   * ```
   */
  get oldValue(): T | typeof Token.MISSING {
    if (!isToken(this)) throw wrongThis("Token", "oldValue", this);
    return this.#oldValue === ABSENT ? MISSING : this.#oldValue;
  }

  /**
   * Undoes the `set` in the context where it was made, whichever context is current; for `using`.
   *
   * Does nothing if the token was used before. Unlike
   * {@linkcode ContextVar.prototype.reset | ContextVar.reset}, it never throws: another task may
   * close the async generator that holds the token. A token made outside any task takes the value back outside, also when a
   * task disposes it.
   *
   * Python's `with var.set(...)` calls `reset` here, which fails in a different context.
   *
   * @example Hold a value for the time of an async generator
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { ContextVar, createTask } from "@contextvars/contextvars";
   *
   * const span = new ContextVar("span", { default: "none" });
   *
   * async function* rows(): AsyncGenerator<string> {
   *   using _token = span.set("query");
   *   yield span.get();
   * }
   *
   * await createTask(async () => {
   *   const reader = rows();
   *   assertEquals((await reader.next()).value, "query");
   *   await createTask(() => reader.return(undefined));
   *   assertEquals(span.get(), "none");
   * });
   * ```
   */
  [Symbol.dispose](): void {
    if (!isToken(this)) throw wrongThis("Token", "[Symbol.dispose]", this);
    const origin = this.#origin;
    if (origin === undefined) return;
    if (origin instanceof Change) undoOutside(origin);
    else undoIn(origin, this);
    this.#origin = undefined;
  }

  /** Returns a short text that names the variable. */
  toString(): string {
    if (!isToken(this)) throw wrongThis("Token", "toString", this);
    return `<Token of ${this.#variable}>`;
  }

  /**
   * Shows the variable, the old value and whether the token was used, for `console.log`.
   *
   * @ignore
   */
  [inspectHook](
    depth: number,
    options: object,
    inspect: (value: unknown, options: object) => string,
  ): string {
    if (!isToken(this)) return "Token {}";
    const shown = {
      var: this.#variable,
      oldValue: this.oldValue,
      used: this.#origin === undefined,
    };
    return show(this, "Token", shown, depth, options, inspect);
  }
}
