/**
 * The errors, each named after the Python exception that it stands for. A wrong kind of argument
 * gets JavaScript's own `TypeError`.
 *
 * `name` is on each prototype, so that an error has no own keys but those of every `Error`.
 */

import { shared } from "./internal/shared.ts";

/**
 * Thrown where a variable is read that has no value and no default.
 *
 * {@linkcode ContextVar.prototype.get | ContextVar.get} throws it where Python's `get` raises
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
export class LookupError extends Error {}

/**
 * Thrown where an argument is of the right kind and still wrong: a token of another variable, or of
 * another context.
 *
 * {@linkcode ContextVar.prototype.reset | ContextVar.reset} throws it where Python's `reset` raises
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
export class ValueError extends Error {}

/**
 * Thrown where an operation is not valid in the current state: a context is already entered, a
 * token was used before, or nothing can be set outside tasks.
 *
 * Python's `contextvars` raises `RuntimeError` in such cases.
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
export class RuntimeError extends Error {}

const errors = { LookupError, RuntimeError, ValueError };
for (const [value, { prototype }] of Object.entries(errors)) {
  // Not by the classes' own names, which minifiers change.
  Object.defineProperty(prototype, "name", { value, writable: true, configurable: true });
}

// @ts-expect-error TypeScript takes a class for a constant.
({ LookupError, RuntimeError, ValueError } = shared(errors));
