/** What the programs share: they count what they read of their variables, and wait a little. */

import { ContextVar } from "@contextvars/contextvars";
import { count, type Counts, NOBODY } from "./count.ts";

/** A request's name, as the frameworks hand it on. */
export type Name = string | string[] | null | undefined;

export const counts: Counts = {};

const helped = new ContextVar<string>("helped");

/** Makes the function that reads a variable, which should have a request's name, if it has one. */
export function countReads(variable: ContextVar<string>): (place: string, name: Name) => void {
  return (place, name) => count(counts, place, variable.get(NOBODY), String(name || NOBODY));
}

/** Reads what a `pause` has set for its awaiter. */
export function seeHelped(name: Name): void {
  countReads(helped)("what an awaited helper has set", name);
}

/** Waits for so long that other requests come between; then sets a name for its awaiter. */
export async function pause(name?: Name): Promise<void> {
  // On Deno 2.9.6 an import in a task leaves the task's context to what is not bound.
  const module = `data:text/javascript,${Math.random()}`;
  if (Math.random() < 0.05) await import(module).catch(() => {}); // workerd has no such modules
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
  if (name) helped.set(String(name));
}
