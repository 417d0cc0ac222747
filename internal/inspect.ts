/**
 * How things print: in error messages, and under `console.log`.
 *
 * Nothing here throws, whatever it is given: a message about a bad argument must not fail on it.
 */

/** Node's hook for `util.inspect`. Deno and Bun call it too, so that one hook is enough. */
export const inspectHook: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/** The `inspect` that a runtime hands to its hook. */
type Inspect = (value: unknown, options: object) => string;

const LONGEST = 60;

/** What is being shown at the moment. */
const showing = new Set<object>();

/**
 * Shows a value in an error message: short, on one line, and without calling its methods.
 *
 * @param expected The class of this module that was expected: a proxy, or an object of a second
 * copy of the module, has its name too.
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
 * Shows an object by what `shown` holds, as the result of its hook.
 *
 * A call of `inspect` in a hook knows nothing of the calls around it: cycles are cut here.
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
    return `${label} ${inspect(shown, { ...options, depth })}`;
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
