/**
 * `Token`: what one `set` remembers, and the rules for taking it back.
 *
 * A token is used once, by `ContextVar.reset` or by `using`, and a use that fails leaves it usable.
 */

import type { ContextVar } from "./context_var.ts";
import { RuntimeError, ValueError } from "./errors.ts";
import { Undo } from "./internal/assignments.ts";
import { currentFrame, type Frame } from "./internal/frame.ts";
import { describe, printAs } from "./internal/inspect.ts";
import { prepareOutside, setOutside, undoOutside } from "./internal/outside.ts";
import { ABSENT, type Absent, type Key } from "./internal/persistent_map.ts";
import { shared } from "./internal/shared.ts";

const NOTHING: Absent = ABSENT; // an own name: see internal/frame.ts
const SECRET = Symbol("only this file can pass it to the constructor");

/**
 * Makes a token, then gives the variable with a key the value. In this order: where the stack is
 * used up, no value may be set without its token.
 */
export let setByKey: <T>(number: number, key: Key<ContextVar<T>>, value: T) => Token<T>;

/**
 * Takes back, by a token, what the variable with a key has set in the current task. Tells whether
 * the token was made by such a `set`. That is the usual case: it comes without the checks that it
 * makes needless.
 */
export let resetInTask: <T>(token: Token<T>, number: number, key: Key<ContextVar<T>>) => boolean;

/** Takes back what was set outside any task, after all checks that `resetInTask` leaves out. */
export let resetOutside: <T>(token: Token<T>, variable: ContextVar<T>) => void;

/**
 * What {@linkcode ContextVar.prototype.set | ContextVar.set} returns: a way back to what the
 * variable had before.
 *
 * Hand it to {@linkcode ContextVar.prototype.reset | ContextVar.reset}, or let `using` undo the
 * `set` where the block ends: until then the whole task sees the value. A token works once. It
 * belongs to one variable and to the context in which it was made; a token made outside any task
 * can be reset outside any task.
 *
 * The rule `no-unused-vars` of typescript-eslint refuses `using _token` unless its option
 * `ignoreUsingDeclarations` is on.
 *
 * As `contextvars.Token` of PEP 567, which is a context manager since Python 3.14.
 *
 * @example Undo a set where the block ends
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ContextVar, createTask } from "@contextvars/contextvars";
 *
 * const locale = new ContextVar("locale", { default: "en" });
 *
 * await createTask(() => {
 *   {
 *     using _token = locale.set("fr");
 *     assertEquals(locale.get(), "fr");
 *   }
 *   assertEquals(locale.get(), "en");
 * });
 * ```
 */
export class Token<T> {
  /** What `oldValue` is where the variable had no value before. */
  static readonly MISSING: unique symbol = Symbol("Token.MISSING");

  // What the `set` changed; undefined once the token was used, so that it keeps nothing alive.
  #origin: Frame | Undo | undefined;
  readonly #key: Key<ContextVar<T>>;
  #oldValue: T | Absent;

  static {
    setByKey = <T>(number: number, key: Key<ContextVar<T>>, value: T) => {
      const frame = currentFrame();
      if (frame.outside !== undefined) return Token.#setOutside(frame, key, value);
      const token = new Token<T>(SECRET, frame, key, NOTHING);
      token.#oldValue = frame.set(number, key, value) as T | Absent;
      return token;
    };

    resetInTask = (token, number, key) => {
      let origin: Frame | Undo | undefined;
      try {
        origin = token.#origin;
      } catch {
        return false; // it is not a token
      }
      const frame = currentFrame();
      if (origin !== frame || token.#key !== key) return false;
      frame.set(number, key, token.#oldValue);
      token.#origin = undefined;
      return true;
    };

    resetOutside = (token, variable) => {
      if (!Token.#is(token)) {
        const got = describe(token, "Token");
        throw new TypeError(
          `ContextVar.reset() needs a Token, got ${got}; pass what set() returned`,
        );
      }
      const origin = token.#origin;
      if (origin === undefined) throw new RuntimeError(`${token} has already been used once`);
      if (token.#key.owner !== variable) {
        throw new ValueError(`${token} was created by a different ContextVar`);
      }
      if (!(origin instanceof Undo) || currentFrame().outside === undefined) {
        throw new ValueError(
          `${token} was created in a different Context; reset it in the task that has set it, ` +
            "or undo the set from anywhere with token[Symbol.dispose]()",
        );
      }
      undoOutside(origin, token.#oldValue);
      token.#origin = undefined;
    };

    printAs(
      this.prototype,
      "Token",
      (token) =>
        Token.#is(token)
          ? { var: token.#key.owner, used: token.#origin === undefined } // a log may show it
          : {},
    );
  }

  static #is(value: unknown): value is Token<unknown> {
    return typeof value === "object" && value !== null && #origin in value;
  }

  static #setOutside<T>(frame: Frame, key: Key<ContextVar<T>>, value: T): Token<T> {
    const undo = prepareOutside(frame, key, value);
    const token = new Token(SECRET, undo, key, undo.before.value as T | Absent);
    setOutside(frame, undo);
    return token;
  }

  private constructor(
    secret: unknown,
    origin: Frame | Undo,
    key: Key<ContextVar<T>>,
    oldValue: T | Absent,
  ) {
    if (secret !== SECRET) {
      throw new RuntimeError("Tokens can only be created by ContextVars; call set() on one");
    }
    this.#origin = origin;
    this.#key = key;
    this.#oldValue = oldValue;
  }

  /** The variable whose `set` made this token. */
  get var(): ContextVar<T> {
    return this.#key.owner;
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
    return this.#oldValue === NOTHING ? Token.MISSING : this.#oldValue;
  }

  /**
   * Undoes the `set` in the context where it was made, whichever context is current; for `using`.
   *
   * Does nothing if the token was used before. Unlike
   * {@linkcode ContextVar.prototype.reset | ContextVar.reset}, it never throws: another task may
   * close the async generator that holds the token. A token made outside any task takes the value
   * back outside, also when a task disposes it.
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
    const origin = this.#origin;
    if (origin === undefined) return;
    if (origin instanceof Undo) undoOutside(origin, this.#oldValue);
    else origin.set(this.#key.number, this.#key, this.#oldValue);
    this.#origin = undefined;
  }

  /** Returns a short text that names the variable. */
  toString(): string {
    return `<Token of ${this.#key.owner}>`;
  }
}

// @ts-expect-error TypeScript takes a class for a constant.
({ Token } = shared({ Token }));
