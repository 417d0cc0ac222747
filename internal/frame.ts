/**
 * The inside of a context, and the one storage of the module, which carries it.
 *
 * Inside a task the current frame is the task's own, and a `set` writes to it. Outside any task
 * unrelated code may share a frame. So a `set` does not write to it: it moves the code that follows
 * to a new frame, by `enterWith`. Inside a task nothing calls `enterWith`, which costs about fifty
 * times a `set`.
 */

import { RuntimeError } from "../errors.ts";
import { valueOf } from "./assignments.ts";
import { printAs } from "./inspect.ts";
import { ABSENT, type Absent, firstRow, type Key, PersistentMap, SLOTS } from "./persistent_map.ts";
import { makeStorage, type Storage } from "./storage.ts";

// deno-lint-ignore no-explicit-any -- what any function is
type Callable = (...args: any[]) => unknown;
type Arguments = ArrayLike<unknown>;

// V8 inlines a constant that a module keeps to itself, and reads one that is exported or imported
// at each use. So files that `get` passes through have own names for what they share: without these
// it takes 26 to 32 % longer.
const NOTHING: Absent = ABSENT;

/** The slots, as `declare` in the class: the value of number -1, and so on. */
export interface Frame extends Record<"v1" | "v2" | "v3" | "v4" | "v5", unknown> {}

/**
 * A context's values, and who entered it.
 *
 * It has the values of the program's first five variables itself, in slots, and is the map of all
 * others: see docs/design.md.
 */
export class Frame extends PersistentMap<object, unknown> {
  /** Whether this belongs to no task. Then nobody enters it; a current one holds `Assignment`s. */
  declare readonly outside: true | undefined;
  /** Whether a call of `enter` that is on the stack entered this frame, or was made by its code. */
  entered = false;
  /** The `Context` of this frame, once somebody has asked for it; see also `momentOf`. */
  context: object | undefined = undefined;

  static {
    // Keeps values out of logs: with `servers` a frame is a property of node:http's requests.
    printAs(this.prototype, "Frame", (frame) => ({ size: frame.entries().length }));
  }

  /** Makes a frame that is empty, or has the values of another. */
  constructor(original?: Frame, outside?: true) {
    super(original);
    this.v1 = original === undefined ? NOTHING : original.v1;
    this.v2 = original === undefined ? NOTHING : original.v2;
    this.v3 = original === undefined ? NOTHING : original.v3;
    this.v4 = original === undefined ? NOTHING : original.v4;
    this.v5 = original === undefined ? NOTHING : original.v5;
    this.outside = outside;
  }

  override get(number: number): unknown {
    if (number >= 0) return super.get(number);
    if (number === -1) return this.v1;
    if (number === -2) return this.v2;
    if (number === -3) return this.v3;
    if (number === -4) return this.v4;
    if (number === -5) return this.v5;
    return NOTHING; // no key has such a number
  }

  override set(number: number, key: Key<object>, value: unknown): unknown {
    if (number >= 0) return super.set(number, key, value);
    const old = this.get(number);
    if (number === -1) this.v1 = value;
    else if (number === -2) this.v2 = value;
    else if (number === -3) this.v3 = value;
    else if (number === -4) this.v4 = value;
    else if (number === -5) this.v5 = value;
    return old;
  }

  override entries(): [object, unknown][] {
    const own = firstRow.owners.map((owner, i): [object, unknown] => [owner, this.get(i - SLOTS)]);
    return [...own.filter(([, value]) => value !== NOTHING), ...super.entries()];
  }

  /** Tells whether another frame has the same variables, with values that are the same. */
  equals(other: Frame): boolean {
    const [entries, others] = [this.entries(), other.entries()];
    return entries.length === others.length &&
      // Both are in the order in which the variables were made.
      entries.every(([variable, value], i) =>
        variable === others[i]![0] && Object.is(value, others[i]![1])
      );
  }

  /** Returns a short text with the number of variables: how a context prints in messages. */
  override toString(): string {
    return `<Context of size ${this.entries().length}>`;
  }
}

// Made when the module loads: on Deno, storages that are made later are slower.
const storage: Storage<Frame> = makeStorage();

/** The storage, for other files. */
export const frameStorage: Storage<Frame> = storage;

/** The frame outside any task where nothing was set. */
export const rootFrame: Frame = new Frame(undefined, true);
const root = rootFrame;

/** Returns the current frame. */
export function currentFrame(): Frame {
  return storage.getStore() ?? root;
}

/** Returns a variable's value in the current frame. */
export function lookUp(number: number): unknown {
  const frame = storage.getStore() ?? root;
  const value = frame.get(number);
  return frame.outside === undefined ? value : valueOf(value);
}

/**
 * Calls `fn(...args)` with a frame as the current one.
 *
 * @param caller The current frame.
 * @throws {RuntimeError} The frame cannot be entered.
 */
export function enter<A extends unknown[], R>(
  frame: Frame,
  caller: Frame,
  fn: (...args: A) => R,
  ...args: A
): R {
  const callerWasEntered = mark(frame, caller);
  try {
    return storage.run(frame, fn, ...args);
  } finally {
    frame.entered = false;
    caller.entered = callerWasEntered;
  }
}

/**
 * Calls `fn.apply(self, args)` with a frame as the current one. As `enter`, but it also takes a frame
 * that is current, or whose code is on the stack.
 */
export function callIn(frame: Frame, fn: Callable, self: unknown, args: Arguments): unknown {
  const caller = currentFrame();
  if (caller === frame) return Reflect.apply(fn, self, args);
  return storage.run(frame, callMarked, frame, caller, fn, self, args);
}

/**
 * Marks two frames, as `mark` does, during a call. With the storage's `run` in the `try` as well, a
 * bound call takes 5 % longer on Node.js.
 */
function callMarked(frame: Frame, caller: Frame, fn: Callable, self: unknown, args: Arguments) {
  const wasEntered = frame.entered;
  const callerWasEntered = caller.entered;
  caller.entered = true;
  frame.entered = true;
  try {
    return Reflect.apply(fn, self, args);
  } finally {
    frame.entered = wasEntered;
    caller.entered = callerWasEntered;
  }
}

/**
 * Marks a frame as entered, and its caller too: after an `await`, code runs in the caller's frame
 * without a call of `enter`. Returns whether the caller was marked before. Whoever marks undoes it
 * without a call: where the stack is used up, a call would fail.
 *
 * @throws {RuntimeError} The frame belongs to no task, is current, or is below the current one in
 * the calls of `enter` on the stack.
 */
export function mark(frame: Frame, caller: Frame): boolean {
  if (frame.entered || frame.outside !== undefined || frame === caller) throw cannotEnter(frame);
  const callerWasEntered = caller.entered;
  caller.entered = true;
  frame.entered = true;
  return callerWasEntered;
}

function cannotEnter(frame: Frame): RuntimeError {
  // CPython's words; lab/cpython compares them.
  const reason = frame.outside !== undefined ? "was taken outside any task" : "is already entered";
  return new RuntimeError(
    `cannot enter context: ${frame} ${reason}; run a copy of it: context.copy().run(fn)`,
  );
}
