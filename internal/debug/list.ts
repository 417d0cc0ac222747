/** The tasks that are alive: as a list, and as a tree. */

import { inspect } from "node:util";
import type { ContextVar } from "../../context_var.ts";
import { livingTasks, type Task } from "./task.ts";
import { type Variable, writeOf } from "./writes.ts";

/** A task that is alive: it has not returned, or its promise is not settled. */
export interface LivingTask {
  /** Counts up from 1; reports name the task by it. */
  readonly id: number;
  /** The `id` of the task that started it, if that one is alive too. */
  readonly parent: number | undefined;
  /** Where it was started: a line as in a stack. */
  readonly startedAt: string;
  /** How long ago it was started. */
  readonly ageInMilliseconds: number;
  /** What it has set itself. */
  readonly values: ReadonlyMap<ContextVar<unknown>, unknown>;
}

/**
 * Lists the tasks that are alive, oldest first.
 *
 * @example Find tasks that hang
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTask } from "@contextvars/contextvars";
 * import { listTasks } from "@contextvars/contextvars/debug";
 *
 * const { promise, resolve } = Promise.withResolvers<void>();
 * const task = createTask(() => promise);
 *
 * assertEquals(listTasks().length, 1);
 * resolve();
 * await task;
 * assertEquals(listTasks().length, 0);
 * ```
 */
export function listTasks(): LivingTask[] {
  const tasks = livingTasks();
  return tasks.map((task) => ({
    id: task.id,
    parent: task.parent !== undefined && tasks.includes(task.parent) ? task.parent.id : undefined,
    startedAt: `${task.start.site}`,
    ageInMilliseconds: performance.now() - task.start.time,
    values: valuesOf(task),
  }));
}

/**
 * Draws the tasks that are alive as a tree, one on a line: where and how long ago each was started,
 * and what it has set itself.
 *
 * @example Look at a program at work
 * ```ts
 * import { ContextVar, createTask } from "@contextvars/contextvars";
 * import { drawTasks } from "@contextvars/contextvars/debug";
 *
 * const user = new ContextVar<string>("user");
 *
 * await createTask(async () => {
 *   user.set("alice");
 *   await createTask(() => console.log(drawTasks()));
 * });
 * ```
 */
export function drawTasks(): string {
  const tasks = listTasks();
  const draw = (parent: number | undefined, indent: string): string =>
    tasks.filter((task) => task.parent === parent)
      .map((task) => `${indent}${line(task)}\n${draw(task.id, `${indent}  `)}`)
      .join("");
  return draw(undefined, "");
}

function line({ id, ageInMilliseconds, startedAt, values }: LivingTask): string {
  const shown = Array.from(
    values,
    ([{ name }, value]) => `, ${name}=${inspect(value, { depth: 0, breakLength: Infinity })}`,
  );
  return `task #${id}, ${Math.round(ageInMilliseconds)} ms, ${startedAt}${shown.join("")}`;
}

function valuesOf(task: Task): Map<Variable, unknown> {
  const frame = task.frame.deref();
  const entries = frame?.entries() as [Variable, unknown][] ?? [];
  return new Map(entries.filter(([variable]) => writeOf(frame!, variable)?.task === task));
}
