/**
 * The errors of this module, each named after the Python exception whose part it plays. A wrong
 * kind of argument is JavaScript's own `TypeError`.
 *
 * `name` stands on each prototype, so that an error has no own keys besides those of `Error`.
 *
 * @module
 */

/**
 * There is nothing under this key: a variable without a value and without a default was read.
 *
 * What {@linkcode ContextVar.prototype.get | ContextVar.get} throws where Python's raises
 * `LookupError`.
 *
 * @example Tell a missing value from other failures
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { ContextVar, LookupError } from "@contextvars/contextvars";
 *
 * const tenant = new ContextVar<string>("tenant");
 * assertThrows(() => tenant.get(), LookupError, "tenant");
 * ```
 */
export class LookupError extends Error {
  static {
    Object.defineProperty(this.prototype, "name", nameOf("LookupError"));
  }
}

/**
 * An argument of the right kind with the wrong value: a token of another variable, or of another
 * context.
 *
 * What {@linkcode ContextVar.prototype.reset | ContextVar.reset} throws where Python's raises
 * `ValueError`.
 *
 * @example A token belongs to one variable
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { ContextVar, createTask, ValueError } from "@contextvars/contextvars";
 *
 * await createTask(() => {
 *   const user = new ContextVar<string>("user");
 *   const tenant = new ContextVar<string>("tenant");
 *   const token = user.set("alice");
 *   assertThrows(() => tenant.reset(token), ValueError, "different ContextVar");
 * });
 * ```
 */
export class ValueError extends Error {
  static {
    Object.defineProperty(this.prototype, "name", nameOf("ValueError"));
  }
}

/**
 * Not now: a context that is already entered, a token that was used before, a `set` outside any
 * task on a runtime that has no place for it.
 *
 * What this module throws where Python's `contextvars` raises `RuntimeError`.
 *
 * @example A context cannot be entered twice
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { Context, RuntimeError } from "@contextvars/contextvars";
 *
 * const context = new Context();
 * context.run(() => {
 *   assertThrows(() => context.run(() => {}), RuntimeError, "already entered");
 * });
 * ```
 */
export class RuntimeError extends Error {
  static {
    Object.defineProperty(this.prototype, "name", nameOf("RuntimeError"));
  }
}

function nameOf(value: string): PropertyDescriptor {
  return { value, writable: true, configurable: true, enumerable: false };
}
