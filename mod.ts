/**
 * Python's `contextvars` (PEP 567) for TypeScript: variables that have a value of their own in each
 * task, such as a request, and follow the code through every `await`.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ContextVar, createTask } from "@contextvars/contextvars";
 *
 * const requestId = new ContextVar("requestId", { default: "-" });
 *
 * const log = (line: string): string => `[${requestId.get()}] ${line}`;
 *
 * async function handle(id: string): Promise<string> {
 *   requestId.set(id);
 *   await Promise.resolve(); // any await: a query, a fetch, a timer
 *   return log("done");
 * }
 *
 * const tasks = [createTask(handle, "r1"), createTask(handle, "r2")];
 * assertEquals(await Promise.all(tasks), ["[r1] done", "[r2] done"]);
 * assertEquals(log("outside"), "[-] outside");
 * ```
 *
 * ## The model
 *
 * 1. A {@linkcode ContextVar} is a key; a {@linkcode Context} is a mapping from variables to
 *    values.
 * 2. Code runs in exactly one current context. The context follows the code through every `await`,
 *    and into most callbacks that the runtime calls later. An event listener runs in the context of
 *    whoever dispatches the event: {@linkcode Context.prototype.bind | bind} it.
 * 3. A task is what {@linkcode createTask},
 *    {@linkcode Context.prototype.run | Context.run},
 *    {@linkcode ContextVar.prototype.run | ContextVar.run} or a function made by `Context.bind`
 *    starts. A task has one context. Everything that it awaits shares it: what an awaited helper
 *    sets is there when the helper returns.
 * 4. Concurrent work gets a context of its own only by being a task: `Promise.all` makes no
 *    tasks, `createTask` does.
 * 5. Outside any task no context is shared: a `set` there moves only the code that follows, and
 *    `reset` takes the value from all code outside tasks that has it.
 *
 * A server binds its handler, so that each request is a task:
 * `Deno.serve(copyContext().bind(handler))`. With `import "@contextvars/contextvars/strict"`, a
 * handler that nobody has bound fails at its first `set`. What the server calls after the handler
 * has returned, such as a response body's `pull`, must be bound too: see
 * {@linkcode Context.prototype.bind | bind}.
 *
 * @module
 */

import "./internal/core.ts";

export { type BoundFunction, Context, copyContext, currentContext } from "./context.ts";
export { ContextVar, type ContextVarOptions } from "./context_var.ts";
export { LookupError, RuntimeError, ValueError } from "./errors.ts";
export { createTask } from "./task.ts";
export { Token } from "./token.ts";
