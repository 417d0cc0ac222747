/**
 * All that debug mode replaces, and why. The core knows nothing of it, and pays nothing for it.
 *
 * Each replacement calls the original with its `this` and its arguments, and throws what that one
 * throws.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { ContextVar } from "../../context_var.ts";
import { LookupError } from "../../errors.ts";
import { Token } from "../../token.ts";
import { currentFrame, Frame, frameStorage, numberOf } from "../core.ts";
import { whyMissing } from "./explain.ts";
import { expectedWrite } from "./race.ts";
import { reportCopy, reportOutside, reportRace } from "./report.ts";
import { moveTo, Step, steps } from "./step.ts";
import { callIn, Task, tasks } from "./task.ts";
import { newestWrites, remember, type Variable, writeOf, WRITES } from "./writes.ts";

// deno-lint-ignore no-explicit-any
type Any = any;
type Verb = "is set" | "stores its default";

const { get, set, reset, run } = ContextVar.prototype;
const dispose = Token.prototype[Symbol.dispose];
const { entries } = Frame.prototype;
const runStorage = AsyncLocalStorage.prototype.run;

/** Where each token was made, and the step that made its old value. */
const origins = new WeakMap<Token<unknown>, { frame: Frame; origin: Step | undefined }>();

/** The variable whose `run` is about to start a task. */
let given: Variable | undefined;

// What is read may be what concurrent code left, a factory may store a value outside any task, and
// a LookupError needs a reason.
ContextVar.prototype.get = function (this: ContextVar<Any>, ...fallback: [Any?]): Any {
  const frame = currentFrame();
  let value;
  try {
    value = Reflect.apply(get, this, fallback);
  } catch (error) {
    if (error instanceof LookupError && error.message.startsWith(`${this} has no value`)) {
      check(frame, this, "reads");
      addReason(error, whyMissing(this));
    }
    throw error;
  }
  if (frame.outside === undefined) check(frame, this, "reads");
  else if (currentFrame() !== frame) checkOutside(frame, this, "stores its default");
  return value;
};

// A set is a step; outside any task it is reported.
ContextVar.prototype.set = function (this: ContextVar<Any>, value: unknown): Token<Any> {
  const frame = currentFrame();
  const token = set.call(this, value);
  checkOutside(frame, this, "is set");
  origins.set(token, { frame, origin: writeOf(frame, this)?.origin });
  record(currentFrame(), this, "set");
  return token;
};

// A reset is a step, and may take away what concurrent code left.
ContextVar.prototype.reset = function (this: ContextVar<Any>, token: Token<Any>): void {
  if (origins.has(token) && token.var === this) undo(token, () => reset.call(this, token));
  else reset.call(this, token);
};

// `using` resets too.
Token.prototype[Symbol.dispose] = function (this: Token<Any>): void {
  if (origins.has(this)) undo(this, () => dispose.call(this));
  else dispose.call(this);
};

// `run` gives its value before the task starts: the start records it.
ContextVar.prototype.run = function (this: ContextVar<Any>, ...args: Any): Any {
  given = this;
  try {
    return Reflect.apply(run, this, args);
  } finally {
    given = undefined;
  }
};

// Every task starts here, and every later call in its context too.
frameStorage.run = function (frame: Frame, ...rest: Any): Any {
  const variable = given;
  given = undefined;
  const known = tasks.get(frame);
  const task = known ?? new Task(frame, tasks.get(currentFrame()));
  const start = known === undefined ? task.start : new Step(task, "start", task.start);
  if (variable !== undefined) remember(frame, variable, start);
  const call = () => Reflect.apply(runStorage, this, [frame, ...rest]);
  return runStorage.call(steps, start, () => callIn(task, call));
};

// Nobody may see the hidden key.
Frame.prototype.entries = function (this: Frame) {
  return entries.call(this).filter(([variable]) => variable !== WRITES);
};

// On Deno 2.9 the end of any storage's `run` undoes the moves of the code in it. And here another
// copy of this library starts its tasks.
AsyncLocalStorage.prototype.run = function (this: Any, store: unknown, fn: Any, ...args: Any): Any {
  if (Object(store).entered === true && "outside" in Object(store)) reportCopy(); // a frame
  const before = steps.getStore();
  let after = before;
  const call = () => {
    try {
      return fn(...args);
    } finally {
      after = steps.getStore();
    }
  };
  try {
    return runStorage.call(this, store, call);
  } finally {
    if (after !== undefined && after !== before && after.task === before?.task) moveTo(after);
  }
};

/** Records a write to a frame; if that is the current one, the code that follows moves on. */
function record(frame: Frame, variable: Variable, kind: Step["kind"], origin?: Step): void {
  const task = tasks.get(frame);
  const parent = task && frame === currentFrame() ? steps.getStore() : undefined;
  const step = new Step(task, kind, parent, numberOf(variable));
  if (kind === "reset") step.origin = origin;
  remember(frame, variable, step);
  if (parent !== undefined) moveTo(step);
}

/** Undoes a set, and records that. */
function undo(token: Token<unknown>, how: () => void): void {
  const { frame, origin } = origins.get(token)!;
  if (frame === currentFrame()) check(frame, token.var, "resets");
  how();
  origins.delete(token);
  if (frame.outside === undefined) record(frame, token.var, "reset", origin);
  else if (currentFrame().outside !== undefined) record(currentFrame(), token.var, "reset", origin);
}

/** Reports a race, if there is one. */
function check(frame: Frame, variable: Variable, verb: "reads" | "resets"): void {
  const reader = steps.getStore();
  const writer = writeOf(frame, variable) ?? newestWrites.get(variable);
  if (reader?.task === undefined || writer?.task !== reader.task) return; // it inherited the value
  const expected = expectedWrite(reader, writer);
  if (expected !== undefined) reportRace(variable, verb, writer, expected, reader.task);
}

/** Reports what was stored outside any task; where the handler throws, takes it back. */
function checkOutside(before: Frame, variable: Variable, verb: Verb): void {
  if (before.outside === undefined) return;
  try {
    reportOutside(variable, verb);
  } catch (error) {
    frameStorage.enterWith(before);
    throw error;
  }
}

/** Adds the reason to an error, and to its stack, which is what an uncaught error shows. */
function addReason(error: Error, reason: string): void {
  const { message, stack } = error;
  error.message += `\n${reason}`;
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
}
