/**
 * Debug mode: import this module first, and it is on.
 *
 * It reports on `console.warn` where code reads or resets what concurrent code of the same task has
 * set, and where a variable is set outside any task. A `LookupError` then says why there is no
 * value. {@linkcode explain} tells who set a value, {@linkcode drawTasks} which tasks are alive.
 *
 * It finds the common mistakes; it does not prove that there are none. It is for development: a
 * request of one task, 3 sets and 20 gets takes some 40 µs longer.
 *
 * ```sh
 * deno run --preload=jsr:@contextvars/contextvars/debug main.ts
 * node --import @contextvars/contextvars/debug main.js
 * bun --preload @contextvars/contextvars/debug main.ts
 * ```
 *
 * In a worker thread it must be imported again. On Cloudflare Workers, which need the flag
 * `nodejs_compat` for it, it finds no races.
 *
 * @example Find a race
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ContextVar, createTask } from "@contextvars/contextvars";
 * import { onReport } from "@contextvars/contextvars/debug";
 *
 * const found: string[] = [];
 * onReport(({ kind }) => found.push(kind));
 *
 * const user = new ContextVar<string>("user");
 *
 * async function greet(name: string): Promise<string> {
 *   user.set(name);
 *   await Promise.resolve();
 *   return `hello, ${user.get()}`;
 * }
 *
 * await createTask(() => Promise.all([greet("alice"), greet("bob")]));
 * assertEquals(found, ["race"]);
 *
 * await Promise.all([createTask(greet, "alice"), createTask(greet, "bob")]);
 * assertEquals(found, ["race"]);
 * ```
 *
 * @module
 */

import "./internal/debug/hooks.ts";

export type { ContextVar, ContextVarOptions } from "./context_var.ts"; // named by the types below
export { explain } from "./internal/debug/explain.ts";
export { drawTasks, listTasks, type LivingTask } from "./internal/debug/list.ts";
export { onReport, type Report } from "./internal/debug/report.ts";
export type { Token } from "./token.ts";
