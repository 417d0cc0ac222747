/** Tasks: where each was started, by which other task, and whether it is still alive. */

import { inspect } from "node:util";
import type { Frame } from "../core.ts";
import { cutAbove, Step } from "./step.ts";

/** How many tasks above one are kept at least. */
const REACH = 32;

/** The task of each frame that debug mode has seen start. */
export const tasks: WeakMap<Frame, Task> = new WeakMap();

let made = 0;

/** What debug mode knows of a task. */
export class Task {
  readonly id: number = ++made;
  /** Where and when it was started. */
  readonly start: Step = new Step(this, "start");
  readonly frame: WeakRef<Frame>;
  readonly depth: number;
  /** The task that started it. */
  parent: Task | undefined;

  constructor(frame: Frame, parent: Task | undefined) {
    tasks.set(frame, this);
    this.frame = new WeakRef(frame);
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    if (this.depth % REACH === 0) cutAbove<Task>(this, REACH);
  }
}

/** A call made in a task. It is alive until it has returned and its promise is settled. */
interface Call {
  readonly task: WeakRef<Task>;
  promise?: WeakRef<Promise<unknown>>;
}

const calls = new Set<Call>();
const collected = new FinalizationRegistry<Call>((call) => calls.delete(call));

/** Makes a call in a task. Awaiting its promise would hide unhandled rejections. */
export function callIn<R>(task: Task, fn: () => R): R {
  const call: Call = { task: new WeakRef(task) };
  calls.add(call);
  let result: R | undefined;
  try {
    return result = fn();
  } finally {
    if (result instanceof Promise) {
      call.promise = new WeakRef(result);
      collected.register(result, call);
    } else {
      calls.delete(call);
    }
  }
}

/** Lists the tasks that are alive, oldest first. */
export function livingTasks(): Task[] {
  const living = new Set<Task>();
  for (const call of calls) {
    const task = call.task.deref();
    if (task !== undefined && isPending(call)) living.add(task);
    else calls.delete(call);
  }
  return [...living].sort((a, b) => a.id - b.id);
}

function isPending({ promise: reference }: Call): boolean {
  if (reference === undefined) return true; // it has not returned
  const promise = reference.deref();
  return promise !== undefined && inspect(promise, { depth: 0 }).includes("<pending>");
}
