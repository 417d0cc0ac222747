/**
 * How values print: in error messages, and under `console.log`.
 *
 * `describe` never throws: a message about a bad argument must not fail on that argument.
 */

/** Node's hook for `util.inspect`. Deno and Bun call it too, so one hook is enough. */
export const inspectHook: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/** The `inspect` that a runtime passes to its hook. */
type Inspect = (value: unknown, options: object) => string;

const LONGEST = 60;

/** The objects that are being shown at the moment, one inside the other. */
const showing = new Set<object>();

/**
 * Shows a value in an error message: short, on one line, and without calling its methods.
 *
 * @param expected The class of this module that was expected. A proxy, or an object of a second
 * copy of the module, has the same class name: then the text says that it comes from elsewhere.
 */
export function describe(value: unknown, expected?: string): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return `function ${quote(nameOf(value))}`;
    case "object":
      return value === null ? "null" : describeObject(classOf(value), expected);
    default:
      return String(value);
  }
}

function describeObject(className: string, expected: string | undefined): string {
  const text = `an object of class ${quote(className)}`;
  return className === expected ? `${text} that this copy of the module has not made` : text;
}

/** Puts a string in quotes, cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

/**
 * Returns what an object's hook must return: the text of `shown`, behind a label unless it is a
 * `Map`, which has a label of its own.
 *
 * A call of `inspect` in a hook does not know the calls around it, so cycles are cut here.
 */
export function show(
  object: object,
  label: string,
  shown: object,
  depth: number | null,
  options: object,
  inspect: Inspect,
): string {
  if (showing.has(object)) return "[Circular]";
  if (depth !== null && depth < 0) return `[${label}]`;
  showing.add(object);
  try {
    const text = inspect(shown, { ...options, depth });
    return shown instanceof Map ? text : `${label} ${text}`;
  } finally {
    showing.delete(object);
  }
}

function classOf(value: object): string {
  try {
    return nameOf(value.constructor);
  } catch { // a getter or a proxy that throws
    return "";
  }
}

function nameOf(value: { readonly name?: unknown }): string {
  try {
    const { name } = value; // read once: a getter may give something else the next time
    return typeof name === "string" ? name : "";
  } catch {
    return "";
  }
}
