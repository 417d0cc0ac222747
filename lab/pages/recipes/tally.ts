/**
 * The work of the recipes' programs: many tasks at once, each with a random id or with none, and
 * the count of what they read.
 */

import process from "node:process";
import { ContextVar, createTask } from "@contextvars/contextvars";

/** What a task reads that has no id: the default of the programs' variables. */
const NONE = "-";

/** The variable of those recipes that show none of their own. */
export const requestId = new ContextVar("requestId", { default: NONE });

const counts = { reads: 0, wrong: 0, none: 0 };

/** Runs `work` in many tasks at once, with the id that the task has set; three of ten set none. */
export async function concurrently(
  variable: ContextVar<string>,
  work: (id: string) => unknown,
  tasks = 200,
): Promise<void> {
  async function task(i: number): Promise<void> {
    await turns();
    const id = i % 10 < 7 ? crypto.randomUUID() : NONE;
    if (id !== NONE) variable.set(id);
    await turns();
    await work(id);
  }
  await Promise.all(Array.from({ length: tasks }, (_, i) => createTask(task, i)));
}

/** Lets the other tasks go on, for a random number of turns of the event loop. */
export async function turns(): Promise<void> {
  for (let left = Math.random() * 5; left > 0; left--) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What comes from outside: messages that name an id, or none. */
export const ids: readonly string[] = Array.from(
  { length: 200 },
  (_, i) => i % 10 < 7 ? crypto.randomUUID() : NONE,
);

let handled = 0;
let finish: () => void;
/** Is fulfilled when all messages were handled. */
export const allHandled: Promise<void> = new Promise((resolve) => finish = resolve);

/** Handles a message: nothing is set before its own id. */
export async function handle(id: string): Promise<void> {
  count(requestId.get(), NONE);
  if (id !== NONE) requestId.set(id);
  await turns();
  count(requestId.get(), id);
  if (++handled === ids.length) finish();
}

/** Counts what was read where `expected` belonged. */
export function count(actual: unknown, expected: string): void {
  counts.reads++;
  if (actual === expected) return;
  if (actual === undefined || actual === NONE) counts.none++;
  else counts.wrong++;
}

/** Prints the counts, and ends the program: with 1 where a read was missing or wrong. */
export function conclude(reads: number): never {
  console.log(`${counts.reads} reads, ${counts.wrong} wrong, ${counts.none} of no value`);
  const right = counts.reads === reads && counts.wrong === 0 && counts.none === 0;
  if (!right) console.error(`${reads} reads were expected, and all right`);
  process.exit(right ? 0 : 1);
}
