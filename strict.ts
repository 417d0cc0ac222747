/**
 * Strict mode: import this module, and nothing can be set outside tasks any more.
 *
 * From then on every `set` outside any task throws the `RuntimeError` that it throws on Cloudflare
 * Workers, on every runtime; and `get` returns the value of a `defaultFactory` there without
 * storing it. So a handler that nobody has bound fails with a clear error, instead of leaving its
 * user to the next request. Inside tasks nothing changes, and nothing costs more.
 *
 * Import it in the first line of a server, or load it before the program:
 *
 * ```sh
 * deno run --preload @contextvars/contextvars/strict main.ts
 * node --import @contextvars/contextvars/strict main.js
 * bun --preload @contextvars/contextvars/strict main.ts
 * ```
 *
 * The name is that of deno.json, with its version. `deno test` does not look there: write
 * `--preload=jsr:@contextvars/contextvars@0.1/strict`. `deno serve` ignores `--preload`.
 *
 * Each worker thread imports it for itself. Values set before it is imported stay, and
 * can be reset.
 *
 * It makes no request a task: a server imports `…/servers`, which turns strict mode on too, or
 * binds its handler with `new Context().bind(handler)`. Strict mode does not find every handler
 * that lacks this. On Deno a dynamic `import()` inside a task leaves the task's context to handlers
 * that are not bound: a `set` in such a handler is inside that task, and does not throw.
 *
 * @example Find a set that is not in a task
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { ContextVar, createTask, RuntimeError } from "@contextvars/contextvars";
 * import "@contextvars/contextvars/strict";
 *
 * const user = new ContextVar("user", { default: "anonymous" });
 *
 * assertThrows(() => user.set("alice"), RuntimeError, "outside a task");
 * await createTask(() => user.set("alice"));
 * ```
 *
 * @module
 */

import { beStrict } from "./internal/core.ts";

export type { RuntimeError } from "./errors.ts"; // without an export, its types are not a module

beStrict();
