/**
 * The work of recipes and jobs: many tasks or messages at once, each with a random id or with none,
 * and the count of what they read.
 */

import process from "node:process";
import { ContextVar, createTask } from "@contextvars/contextvars";

/** What a task reads that has no id. */
const NONE = "-";

/** The variable of those recipes that show none of their own. */
export const requestId = new ContextVar("requestId", { default: NONE });

/** What comes from outside: messages that name an id, or none. */
export const ids: readonly string[] = Array.from(
  { length: 200 },
  (_, i) => i % 10 < 7 ? crypto.randomUUID() : NONE,
);

let reads = 0;
let wrong = 0;

/** Runs `work` in many tasks at once, with the id that the task has set; three of ten set none. */
export async function concurrently(work: (id: string) => unknown, tasks = 200): Promise<void> {
  async function task(id: string): Promise<void> {
    await turns();
    if (id !== NONE) requestId.set(id);
    await turns();
    await work(id);
  }
  await Promise.all(ids.slice(0, tasks).map((id) => createTask(task, id)));
}

/** Lets the other tasks go on, for a random number of turns of the event loop. */
export async function turns(): Promise<void> {
  for (let left = Math.random() * 5; left > 0; left--) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

let handled = 0;
let finish: () => void;
const allHandled: Promise<void> = new Promise((resolve) => finish = resolve);

/** Starts a consumer in a task that has an id of its own, and waits until it has handled all. */
export async function consume(start: () => unknown): Promise<void> {
  await createTask(async () => {
    requestId.set("starter");
    await start();
    await allHandled;
  });
  conclude(2 * ids.length);
}

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
  reads++;
  if (actual !== expected) wrong++;
}

/** Prints the counts, and ends the program: with 1 where a read was missing or wrong. */
export function conclude(expected: number): never {
  console.log(`${reads} reads, ${wrong} wrong`);
  if (reads !== expected) console.error(`${expected} reads were expected`);
  process.exit(reads === expected && wrong === 0 ? 0 : 1);
}
