/**
 * What makes all copies of the module in a program one.
 *
 * Two versions in one tree, npm beside JSR, a bundle for each route and `jest.resetModules` load
 * the module more than once. The copy that loads first serves them all: the others take its classes
 * and functions, through `globalThis`. So each worker thread and each realm of `node:vm` has a copy
 * of its own. docs/design.md says what versions promise each other.
 */

/** As in deno.json. */
const VERSION = "0.1.0";

/** Goes up when copies can no longer serve each other. */
const PROTOCOL = 1;

/** What a copy leaves for those that load later. */
interface Copy {
  readonly version: string;
  /** Its stack tells where the copy is. With `import.meta`, no CommonJS bundle could have it. */
  readonly loaded: Error;
  /** The classes and functions that other copies take. */
  readonly parts: Record<string, unknown>;
  /** The results of `once`. */
  readonly done: Record<string, unknown>;
}

const KEY = Symbol.for("@contextvars/contextvars");
const home = globalThis as { [KEY]?: Record<number, Copy> };

// Where the global object is frozen, each copy stays alone.
if (!(KEY in home)) Reflect.defineProperty(home, KEY, { value: {} });

const own: Copy = { version: VERSION, loaded: new Error(), parts: {}, done: {} };
/** The first copy of each protocol. Every version must understand this, and a copy's fields. */
const copies = home[KEY] ?? {};
const first = copies[PROTOCOL] ??= own;

const stranger = Object.values(copies).find((copy) => copy !== first);
if (first === own && stranger !== undefined) {
  warn(stranger, "They cannot act as one: what is set by one, the other does not see.");
} else if (first.version !== VERSION && isOlder(first.version)) {
  once(
    `warn ${VERSION}`,
    () => warn(first, `The older one serves both: what ${VERSION} has added or mended is missing.`),
  );
}

/** Hands in parts of this copy, and returns those of the first one, by the same names. */
export function shared<P extends Record<string, unknown>>(ours: P): P {
  // What is there stays, also where a dev server loads a file of this copy again.
  if (first === own) Object.assign(own.parts, { ...ours, ...own.parts });
  return first.parts as P;
}

/** Does something once for all copies of the module, and gives each of them the result. */
export function once<R>(what: string, work: () => R): R {
  return (Object.hasOwn(first.done, what) ? first.done[what] : first.done[what] = work()) as R;
}

/** Tells whether a version is older than ours. To compare takes 5 ms on Deno and Node.js. */
function isOlder(version: string): boolean {
  // A release comes after its candidates: 0.1.0-rc.1, 0.1.0.
  const [theirs, ours] = [version, VERSION].map((it) => it.includes("-") ? it : `${it}-z`);
  return theirs!.localeCompare(ours!, "en", { numeric: true }) < 0;
}

function warn(other: Copy, consequence: string): void {
  const [older, newer] = [other, own].map(({ version, loaded }) =>
    // A program may have its stacks made of something else than text, or have none made.
    `${version} (${String(loaded.stack).match(/[^\s(]+:\d+:\d+/)?.[0] ?? "place unknown"})`
  );
  console.warn(
    `Two versions of @contextvars/contextvars are loaded: first ${older}, then ${newer}. ` +
      `${consequence} Use one version: dedupe the packages, take it from one registry, and in Next.js ` +
      "name it in serverExternalPackages.",
  );
}
