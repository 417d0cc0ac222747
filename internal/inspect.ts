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
const DEEPEST = 8;

/** Shows a value in an error message: short, on one line, and without calling its methods. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return `function ${quote(nameOf(value))}`;
    case "object":
      return value === null ? "null" : `an object of class ${quote(classOf(value))}`;
    default:
      return String(value);
  }
}

/** Puts a string in quotes, cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

/**
 * Shows an object by what `shown` holds, in the place of a hook's own result.
 *
 * Each level starts a new call of `inspect`, which cannot see cycles: so "any depth" has an end
 * here.
 */
export function show(
  label: string,
  shown: object,
  depth: number | null,
  options: object,
  inspect: Inspect,
): string {
  if (depth !== null && depth < 0) return `[${label}]`;
  const shownDepth = Math.min(depth ?? DEEPEST, DEEPEST);
  return `${label} ${inspect(shown, { ...options, depth: shownDepth })}`;
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
    return typeof value.name === "string" ? value.name : "";
  } catch {
    return "";
  }
}
