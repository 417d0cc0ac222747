/**
 * What the programs share: what they do for a request, with counts of what they read of their
 * variables meanwhile.
 */

// deno-lint-ignore-file contextvars/unbound-generator contextvars/unbound-listener -- tried here

import type { EventEmitter } from "node:events";
import { ContextVar, currentContext } from "@contextvars/contextvars";
import { count, type Counts, NOBODY } from "./count.ts";

/** A request's name, as the frameworks hand it on. */
export type Name = string | string[] | null | undefined;

export const counts: Counts = {};

export const user = new ContextVar("user", { default: NOBODY });
const helped = new ContextVar<string>("helped");

/** Reads a variable, which should have the request's name, if it has one. */
export function see(place: string, name: Name, variable: ContextVar<string> = user): void {
  count(counts, place, variable.get(NOBODY), String(name || NOBODY));
}

/** What a server does first: it reads that nobody is set, and sets the request's name. */
export function begin(name: Name): void {
  see("start", null);
  if (name) user.set(String(name));
}

/** What a handler does: it waits, reads, and returns a text for the answer. */
export async function work(name: Name): Promise<string> {
  await pause(name);
  see("what an awaited helper has set", name, helped);
  return hello("handler", name);
}

/** Reads the user, and returns a text for the answer. */
export function hello(place: string, name: Name): string {
  see(place, name);
  return `hello, ${user.get()}\n`;
}

/** What a handler does that fails. */
export async function fail(): Promise<never> {
  await pause();
  throw new Error("failed");
}

/** Makes the lines of a body, one after the other. */
export async function* lines(place: string, name: Name): AsyncGenerator<string> {
  for (let left = 3; left > 0; left--) {
    await pause();
    see(place, name);
    yield `${user.get()}\n`;
  }
}

/** The same, for a web response. */
export function bytes(place: string, name: Name): ReadableStream<Uint8Array> {
  async function* encoded(): AsyncGenerator<Uint8Array> {
    for await (const line of lines(place, name)) yield new TextEncoder().encode(line);
  }
  return ReadableStream.from(encoded());
}

/** Listens to the end of a response. */
export function listen(response: Pick<EventEmitter, "on">, name: Name): void {
  response.on("finish", () => see("finish", name));
  response.on("close", () => see("close", name));
  response.on("close", currentContext().bind(() => see("close, bound", name)));
}

/** Waits for so long that other requests come between; then sets a name for its awaiter. */
export async function pause(name?: Name): Promise<void> {
  // On Deno 2.9.6 an import in a task leaves the task's context to what is not bound.
  const module = `data:text/javascript,${Math.random()}`;
  if (Math.random() < 0.05) await import(module).catch(() => {}); // workerd has no such modules
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
  if (name) helped.set(String(name));
}
