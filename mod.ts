/**
 * Python's `contextvars` (PEP 567) for TypeScript: variables whose value belongs to one task, such
 * as a request, and is there after every `await`.
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
 * ## Install
 *
 * ```sh
 * deno add jsr:@contextvars/contextvars  # Deno
 * npx jsr add @contextvars/contextvars   # Node.js, Cloudflare Workers
 * bunx jsr add @contextvars/contextvars  # Bun
 * ```
 *
 * ## The model
 *
 * 1. A {@linkcode ContextVar} is a key. A {@linkcode Context} maps variables to values.
 * 2. Code always runs in one current context, which follows it through every `await`, promise and
 *    timer. An event listener is different: it runs in the context of whoever emits the event.
 *    {@linkcode Context.prototype.bind | Bind} it.
 * 3. A task has a context of its own, and everything that it awaits shares that context. You start
 *    a task with {@linkcode createTask}, {@linkcode Context.prototype.run | context.run},
 *    {@linkcode ContextVar.prototype.run | variable.run} or a function made by `context.bind`.
 * 4. `Promise.all` starts no tasks. `createTask` does.
 * 5. Start a script with `await createTask(main)`. Outside any task, what a function sets before
 *    its first `await` reaches all code that follows; what it sets later is gone when it returns.
 *
 * In a server, `import "@contextvars/contextvars/servers"` first: each request is then a task that
 * starts with the variables' defaults. Bind what that does not reach, such as jobs from a queue:
 * `new Context().bind(handler)`.
 *
 * @module
 */

import "./internal/core.ts";

export { type BoundFunction, Context, copyContext, currentContext } from "./context.ts";
export { ContextVar, type ContextVarOptions } from "./context_var.ts";
export { LookupError, RuntimeError, ValueError } from "./errors.ts";
export { createTask } from "./task.ts";
export { Token } from "./token.ts";
