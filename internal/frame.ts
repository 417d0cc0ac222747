/**
 * The inside of a context, and the one `AsyncLocalStorage` of the module, which carries it.
 *
 * Inside a task the current frame is the task's own, and `assign` writes to it. Outside any task
 * frames are shared by all code that runs there, and never written: `assign` moves the code that
 * follows to a new one, through `enterWith`. Inside a task nothing calls `enterWith`: it costs a
 * hundred times a write.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "../context.ts";
import type { ContextVar } from "../context_var.ts";
import { RuntimeError } from "../errors.ts";
import { type Absent, PersistentMap } from "./persistent_map.ts";

/** A context's values, and who entered it. */
export class Frame extends PersistentMap<ContextVar<unknown>, unknown> {
  /** Whether this frame belongs to no task: it is never written, and cannot be entered. */
  declare readonly outside: boolean;
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

const rootFrame = new Frame(undefined, true);

/** Returns the current frame. */
export function currentFrame(): Frame {
  return storage.getStore() ?? rootFrame;
}

/** Returns a variable's value in the current frame, or the fallback. */
export function lookUp<D>(number: number, variable: ContextVar<unknown>, fallback: D): unknown | D {
  return currentFrame().get(number, variable, fallback);
}

/**
 * Calls `how(fn, args)` with a frame as the current one.
 *
 * Not `fn` itself, which some runtimes would call with null as `this`; and no closure, which a task
 * would pay for.
 *
 * @param caller The current frame, where that is known: to ask for it is not free.
 * @throws {RuntimeError} The frame is of outside, is current, or is below the current one in the
 * calls of `enter` on the stack.
 */
export function enter<F, A, R>(
  frame: Frame,
  how: (fn: F, args: A) => R,
  fn: F,
  args: A,
  caller: Frame = currentFrame(),
): R {
  if (frame.entered || frame.outside || frame === caller) throw cannotEnter(frame);
  // The caller's frame is marked as well: a continuation runs in its frame without `enter`.
  const callerWasEntered = caller.entered;
  caller.entered = true;
  frame.entered = true;
  try {
    return storage.run(frame, how, fn, args);
  } finally {
    frame.entered = false;
    caller.entered = callerWasEntered;
  }
}

/** How most functions are called. Without arguments there is nothing to spread, which is not free. */
export function call<A extends unknown[], R>(fn: (...args: A) => R, args: A): R {
  return args.length === 0 ? (fn as () => R)() : fn(...args);
}

/** Gives a variable a value in a task's frame, or else in a new one; returns what it had. */
export function assign(
  frame: Frame,
  number: number,
  variable: ContextVar<unknown>,
  value: unknown,
): unknown | Absent {
  if (!frame.outside) return frame.set(number, variable, value);
  const next = new Frame(frame, true);
  const old = next.set(number, variable, value);
  moveTo(next, variable);
  return old;
}

/** Takes a variable's value away, in a task's frame or else in a new one. */
export function unassign(frame: Frame, number: number, variable: ContextVar<unknown>): void {
  if (!frame.outside) return void frame.delete(number, variable);
  const next = new Frame(frame, true);
  next.delete(number, variable);
  moveTo(next, variable);
}

/** Makes a new frame the current one, outside any task. */
function moveTo(frame: Frame, variable: ContextVar<unknown>): void {
  try {
    storage.enterWith(frame);
  } catch (cause) { // Cloudflare Workers: not implemented
    throw new RuntimeError(
      `cannot set ${variable} outside a task: this runtime's AsyncLocalStorage has no enterWith; ` +
        `start a task with createTask`,
      { cause },
    );
  }
}

function cannotEnter(frame: Frame): RuntimeError {
  const reason = frame.outside ? "was taken outside any task" : "is already entered";
  return new RuntimeError(
    `cannot enter context: ${frame.context} ${reason}; run a copy of it: context.copy().run(fn)`,
  );
}
