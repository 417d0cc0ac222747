/**
 * The inside of a context, and the one `AsyncLocalStorage` of the module, which carries it.
 *
 * Inside a task the current frame is the task's own, and a `set` writes to it. Outside any task
 * unrelated code may share a frame. So a `set` does not write to it: it moves the code that follows
 * to a new frame, by `enterWith`. Inside a task nothing calls `enterWith`, which costs about fifty
 * times a `set`.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { RuntimeError } from "../errors.ts";
import { Change, currentOf, Setting, Settings, takeBack } from "./outside.ts";
import { ABSENT, PersistentMap } from "./persistent_map.ts";

/** A context's values, and who entered it. */
export class Frame extends PersistentMap<object, unknown> {
  /** The settings behind the values, if this frame belongs to no task. It is never entered then. */
  declare readonly outside: Settings | undefined;
  /** Whether a call of `enter` that is on the stack entered this frame, or was made by its code. */
  entered = false;
  /** The `Context` of this frame, once somebody has asked for it. */
  context: object | undefined = undefined;

  /** Makes a frame that is empty, or has the values of another. */
  constructor(original?: Frame, outside?: Settings) {
    super(original);
    this.outside = outside;
  }

  /** Returns a short text with the number of variables: how a context prints in messages. */
  override toString(): string {
    return `<Context of size ${this.entries().length}>`;
  }
}

// Made when the module loads: on Deno, storages that are made later are slower.
const storage = new AsyncLocalStorage<Frame>();

/** The storage by a second name: V8 reaches a constant more slowly where that is exported itself. */
export const frameStorage: AsyncLocalStorage<Frame> = storage;

const rootFrame = new Frame(undefined, new Settings());

let strict = false;

/** Returns the current frame. */
export function currentFrame(): Frame {
  const frame = storage.getStore() ?? rootFrame;
  const { outside } = frame;
  // The `Context`, which somebody may hold, goes on showing the old values.
  if (outside !== undefined && outside.catchUp(frame)) frame.context = undefined;
  return frame;
}

/** Returns a variable's value in the current frame. */
export function lookUp(number: number): unknown {
  // Not by `currentFrame`: V8 looks at a frame's fields afresh where `catchUp` may have changed them.
  const frame = storage.getStore() ?? rootFrame;
  return frame.outside === undefined ? frame.get(number) : currentFrame().get(number);
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
    unmark(frame, caller, callerWasEntered);
  }
}

/**
 * Marks a frame as entered, and its caller too: after an `await`, code runs in the caller's frame
 * without a call of `enter`. Returns whether the caller was marked before.
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

/** Undoes what `mark` did. */
export function unmark(frame: Frame, caller: Frame, callerWasEntered: boolean): void {
  frame.entered = false;
  caller.entered = callerWasEntered;
}

/**
 * Gives a variable a value outside any task, for the code that follows.
 *
 * @param frame The current frame.
 * @throws {RuntimeError} Nothing can be set outside tasks here.
 */
export function setOutside(
  frame: Frame,
  number: number,
  variable: object,
  value: unknown,
): Change {
  if (strict) throw cannotSet(variable, "strict mode is on");
  const setting = new Setting(number, variable, value);
  const held = frame.outside!.get(number);
  const before = held === ABSENT ? new Setting(number, variable, ABSENT) : held;
  moveTo(frame, setting);
  return new Change(setting, before);
}

/**
 * Takes a change that was made outside any task back from all who have it. The code that follows,
 * if it is outside any task too, gets exactly what was there before the change.
 */
export function undoOutside(change: Change): void {
  const frame = currentFrame();
  if (frame.outside !== undefined) {
    const { number, variable, value } = change.before;
    const before = currentOf(change.before);
    // Python brings the old value back even if that was taken back itself in the meantime.
    moveTo(frame, Object.is(before.value, value) ? before : new Setting(number, variable, value));
  }
  takeBack(change);
}

/** Makes `setOutside` throw from now on. */
export function forbidSettingOutside(): void {
  strict = true;
}

/** Moves the code that follows to a new frame, outside any task. */
function moveTo(frame: Frame, setting: Setting): void {
  const settings = new Settings(frame.outside);
  const next = new Frame(frame, settings);
  settings.put(setting, next);
  try {
    storage.enterWith(next);
  } catch (cause) { // Cloudflare Workers: not implemented
    const reason = "this runtime's AsyncLocalStorage has no enterWith";
    throw cannotSet(setting.variable, reason, { cause });
  }
}

function cannotSet(variable: object, reason: string, options?: ErrorOptions): RuntimeError {
  const what = `cannot set ${variable} outside a task`;
  return new RuntimeError(`${what}: ${reason}; start a task with createTask`, options);
}

function cannotEnter(frame: Frame): RuntimeError {
  const reason = frame.outside !== undefined ? "was taken outside any task" : "is already entered";
  return new RuntimeError(
    `cannot enter context: ${frame} ${reason}; run a copy of it: context.copy().run(fn)`,
  );
}
