/** Who set a value; and why there is none. */

import { inspect } from "node:util";
import type { ContextVar } from "../../context_var.ts";
import { ABSENT, currentFrame, lookUp, numberOf } from "../core.ts";
import type { Step } from "./step.ts";
import { type Task, tasks } from "./task.ts";
import { newestWrites, type Variable, writeOf } from "./writes.ts";

/**
 * Tells who gave a variable the value that it has here: where, when and in which task, and where
 * that task and those above it were started. Where there is no value, tells why.
 *
 * The text is for people; its wording may change.
 *
 * @example Ask where a value comes from
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { ContextVar } from "@contextvars/contextvars";
 * import { explain } from "@contextvars/contextvars/debug";
 *
 * const user = new ContextVar<string>("user");
 *
 * user.run("alice", () => {
 *   assertStringIncludes(explain(user), `<ContextVar "user"> is 'alice'`);
 * });
 * ```
 */
export function explain(variable: ContextVar<unknown>): string {
  const value = lookUp(numberOf(variable));
  if (value === ABSENT) return `${variable} has no value here.\n${whyMissing(variable)}`;
  const frame = currentFrame();
  const write = writeOf(frame, variable);
  const lines = [`${variable} is ${inspect(value, { depth: 1, breakLength: Infinity })}.`];
  if (write?.origin === undefined) {
    lines.push("A defaultFactory made it, or it was set before debug mode was on.");
  } else {
    lines.push(`It was ${done(write.origin)}:${write.origin.site.lines}`);
    if (write !== write.origin) lines.push(`It is back by a ${done(write)}:${write.site.lines}`);
  }
  for (let task = tasks.get(frame); task !== undefined; task = task.parent) {
    lines.push(`Task #${task.id} was started ${task.start.ago}:${task.start.site.lines}`);
  }
  return lines.join("\n  ");
}

/** Says in a few sentences why a variable has no value here. */
export function whyMissing(variable: Variable): string {
  const newest = newestWrites.get(variable);
  const last = newest === undefined
    ? "Nothing has set it while debug mode was on."
    : `It was last ${done(newest)}, at ${newest.site}.`;
  const frame = currentFrame();
  const task = tasks.get(frame);
  if (frame.outside !== undefined) {
    return `This code runs outside any task. ${last} ` +
      `Bind a callback that needs the values of a task: copyContext().bind(callback).`;
  }
  if (task === undefined) return `This task was started before debug mode was on. ${last}`;
  return `This code runs in task #${task.id}, started ${task.start.ago} at ${task.start.site}. ` +
    (setTooLate(variable, task) ?? last);
}

/** Says which task above one set the variable after that one had started, if one did. */
function setTooLate(variable: Variable, task: Task): string | undefined {
  for (let above = task.parent; above !== undefined; above = above.parent) {
    const frame = above.frame.deref();
    const write = frame && writeOf(frame, variable);
    if (write === undefined || write.time < task.start.time) continue;
    const delay = Math.round(write.time - task.start.time);
    return `Task #${above.id}, above it, set it ${delay} ms after this task had copied its context` +
      `, at ${write.site}. Set it before the task starts.`;
  }
  return undefined;
}

function done({ kind, ago, task }: Step): string {
  const what = kind === "start" ? "given by run()" : kind;
  return `${what} ${ago} ${task === undefined ? "outside any task" : `in task #${task.id}`}`;
}
