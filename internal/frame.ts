/**
 * The inside of a context, and the one `AsyncLocalStorage` of the module, which carries it.
 *
 * Inside a task the current frame is the task's own, and `assign` writes to it. Outside any task
 * frames are shared by all code that runs there, and never written: `assign` moves the code that follows to
 * a new one, through `enterWith`. Inside a task nothing calls `enterWith`: it costs a hundred times a write.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "../context.ts";
import type { ContextVar } from "../context_var.ts";
import { RuntimeError } from "../errors.ts";
import { ABSENT, type Absent, PersistentMap } from "./persistent_map.ts";

/** A context's values, and who entered it. */
export class Frame extends PersistentMap<ContextVar<unknown>, unknown> {
  /** Whether this frame belongs to no task: it is never written, and cannot be entered. */
  readonly outside: boolean;
  /** Whether a call of `enter` on the stack entered this frame, or was made in it. */
  entered = false;
  /** The public handle, once somebody asked for it. */
  context: Context | undefined = undefined;

  /** Makes a frame that is empty, or has the values of another. */
  constructor(original?: Frame, outside = false) {
    super(original);
    this.outside = outside;
  }
}

// Made when the module loads: on Deno, storages that are made later are slower.
const storage = new AsyncLocalStorage<Frame>();

/** The frame outside any task, before anything is set there. */
export const rootFrame: Frame = new Frame(undefined, true);

/** Returns the current frame. */
export function currentFrame(): Frame {
  return storage.getStore() ?? rootFrame;
}

/** Tells whether a frame is current, or below the current one in the calls of `enter` on the stack. */
export function isEntered(frame: Frame): boolean {
  return frame.entered || frame === currentFrame();
}

/** Calls `fn` in a frame that is not entered, and of which `outside` is false. */
export function enter<A extends unknown[], R>(
  frame: Frame,
  fn: (...args: A) => R,
  args: A,
  self?: unknown,
): R {
  // The caller's frame is marked as well: a continuation runs in its frame without `enter`.
  const caller = currentFrame();
  const callerWasEntered = caller.entered;
  caller.entered = true;
  frame.entered = true;
  try {
    return storage.run(frame, call, fn, args, self) as R;
  } finally {
    frame.entered = false;
    caller.entered = callerWasEntered;
  }
}

/** Gives a variable a value, or takes it away (`ABSENT`), in the current frame or a task's; returns what it had. */
export function assign(
  frame: Frame,
  number: number,
  variable: ContextVar<unknown>,
  value: unknown,
): unknown | Absent {
  if (!frame.outside) return write(frame, number, variable, value);
  const next = new Frame(frame, true);
  const old = write(next, number, variable, value);
  try {
    storage.enterWith(next);
  } catch (cause) { // Cloudflare Workers: not implemented
    throw new RuntimeError(
      `cannot set ${variable} outside a task: this runtime's AsyncLocalStorage has no enterWith; ` +
        `start a task with createTask`,
      { cause },
    );
  }
  return old;
}

function write(frame: Frame, number: number, variable: ContextVar<unknown>, value: unknown) {
  return value === ABSENT ? frame.delete(number, variable) : frame.set(number, variable, value);
}

/** Calls `fn` with `this` as given: the storage's own `run` would pass null on some runtimes. */
function call<A extends unknown[], R>(fn: (...args: A) => R, args: A, self: unknown): R {
  return Reflect.apply(fn, self, args);
}
