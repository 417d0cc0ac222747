/** Timers, locks, observers, and the callback that one call is given. */

import { type Cases, load } from "../attempt.ts";
import { deferred } from "../../../tests/deferred.ts";

const childProcess = await load(import("node:child_process"));
const crypto = await load(import("node:crypto"));
const dns = await load(import("node:dns"));
const fs = await load(import("node:fs"));
const nodeTest = await load(import("node:test"));
const performanceHooks = await load(import("node:perf_hooks"));
const process = await load(import("node:process"));
const timers = await load(import("node:timers"));
const zlib = await load(import("node:zlib"));

// Deno, which does not have them, has no types for them.
declare const navigator: { locks: { request(name: string, fn: () => unknown): Promise<unknown> } };

declare const Bun: { gc(force: boolean): void };

export const timersAndCallbacks: Cases = {
  "timer.refresh() by another task"({ callback, fire }) {
    const timer = timers.setTimeout(callback, 1);
    fire(() => timer.refresh());
  },
  "setTimeout under node:test's mock.timers"({ callback, fire }) {
    const { timers } = nodeTest.mock;
    timers.enable({ apis: ["setTimeout"] });
    setTimeout(callback, 1);
    fire(() => timers.tick(1));
    timers.reset();
  },
  "node:fs stat": ({ callback }) => fs.stat(".", callback),
  "node:crypto randomBytes": ({ callback }) => crypto.randomBytes(8, callback),
  "node:crypto pbkdf2": ({ callback }) => crypto.pbkdf2("a", "b", 1, 8, "sha256", callback),
  "node:zlib deflate": ({ callback }) => zlib.deflate("text", callback),
  "node:dns lookup": ({ callback }) => dns.lookup("localhost", callback),
  "node:child_process execFile"({ callback }) {
    childProcess.execFile(process.default.execPath, ["--version"], callback);
  },
  "navigator.locks.request"({ callback, fire }) {
    const name = globalThis.crypto.randomUUID();
    const { promise, resolve } = deferred();
    fire(() => navigator.locks.request(name, () => promise));
    navigator.locks.request(name, callback);
    fire(() => setTimeout(resolve, 0));
  },
  async "PerformanceObserver"({ callback, make, fireTwice, afterwards }) {
    const observer = make(() => new performanceHooks.PerformanceObserver(callback));
    observer.observe({ entryTypes: ["mark"] });
    afterwards(() => observer.disconnect());
    await fireTwice(() => performanceHooks.performance.mark("callbacks"));
  },
  "FinalizationRegistry"({ callback, make, fire, afterwards }) {
    const collect = collector();
    const registry = make(() => new FinalizationRegistry(callback));
    // Many: where the stack is scanned for pointers, a few are held by chance.
    for (let count = 0; count < 1_000; count++) registry.register({}, undefined);
    const timer = fire(() => setInterval(collect, 1));
    afterwards(() => clearInterval(timer));
    afterwards(() => registry.unregister(registry)); // holds the registry until then
  },
  async "Deno.UnsafeCallback"({ callback, make, fireTwice, afterwards }) {
    const qsort = { parameters: ["buffer", "usize", "usize", "function"], result: "void" } as const;
    const library = Deno.dlopen("libc.so.6", { qsort });
    afterwards(() => library.close());
    const compare = { parameters: ["pointer", "pointer"], result: "i32" } as const;
    const native = make(() => new Deno.UnsafeCallback(compare, () => (callback(), 0)));
    afterwards(() => native.close());
    const items = new Uint8Array(2);
    await fireTwice(() => library.symbols.qsort(items, 2n, 1n, native.pointer));
  },
};

/** Returns what collects garbage, where the runtime exposes it. */
function collector(): () => void {
  if (typeof Bun !== "undefined") return () => Bun.gc(true);
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("gc is not exposed");
  return gc;
}
