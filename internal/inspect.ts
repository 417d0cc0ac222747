/**
 * How values print: in error messages, and under `console.log`.
 *
 * `describe` never throws: a message about a bad argument must not fail on that argument.
 */

/** Node's hook for `util.inspect`. Deno and Bun call it too, so one hook is enough. */
const inspectHook = Symbol.for("nodejs.util.inspect.custom");

/** The `inspect` that a runtime passes to its hook. */
type Inspect = (value: unknown, options: object) => string;

const LONGEST = 60;

/** An object that is being shown at the moment, and the one around it. */
interface Showing {
  readonly object: object;
  readonly outer: Showing | undefined;
}

let innermost: Showing | undefined;

/**
 * Says what a value is, in an error message: its type or class, and never the value, which may be a
 * secret. Without calling its methods.
 *
 * @param expected The class of this module that was expected. A proxy, or an object of a copy
 * that keeps apart, has the same class name: then the text says that it comes from elsewhere.
 */
export function describe(value: unknown, expected?: string): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const className = classOf(value);
  const text = `an object of class ${quote(className)}`;
  return className === expected ? `${text} that this module has not made` : text;
}

/** Puts a string in quotes, cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

/**
 * Defines how the objects of a class print under `console.log`: as what `shown` returns, behind a
 * label unless it is a `Map`, which has a label of its own.
 *
 * A call of `inspect` in a hook does not know the calls around it, so cycles are cut here.
 */
export function printAs<T extends object>(
  prototype: T,
  label: string,
  shown: (object: T) => object,
): void {
  const value = function (this: T, depth: number | null, options: object, inspect: Inspect) {
    for (let showing = innermost; showing !== undefined; showing = showing.outer) {
      if (showing.object === this) return "[Circular]";
    }
    if (depth !== null && depth < 0) return `[${label}]`;
    const outer = innermost;
    innermost = { object: this, outer };
    try {
      const object = shown(this);
      const text = inspect(object, { ...options, depth });
      return object instanceof Map ? text : `${label} ${text}`;
    } finally {
      innermost = outer; // not by a call: where the stack is used up, that would fail
    }
  };
  Object.defineProperty(prototype, inspectHook, { value, configurable: true, writable: true });
}

/** Not by the object itself: data may have a property of that name. */
function classOf(object: object): string {
  try {
    const { name } = Object.getPrototypeOf(object).constructor; // read once: it may be a getter
    return typeof name === "string" ? name : "";
  } catch { // no prototype, or a getter or a proxy that throws
    return "";
  }
}
