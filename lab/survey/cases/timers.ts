/** Timers, locks, observers, and the callback that one call is given. */

import fs from "node:fs";
import process from "node:process";
import { mock } from "node:test";
import timers from "node:timers";
import { deferred } from "../../../tests/deferred.ts";
import type { Cases } from "../attempt.ts";

const hooks = process.getBuiltinModule("node:perf_hooks"); // not by import: workerd has none

// Deno, which does not have them, has no types for them.
declare const navigator: { locks: { request(name: string, fn: () => unknown): Promise<unknown> } };

export const timersAndCallbacks: Cases = {
  "timer.refresh() by another task"({ callback, fire }) {
    const timer = timers.setTimeout(callback, 1);
    fire(() => timer.refresh());
  },
  "setTimeout under node:test's mock.timers"({ callback, fire }) {
    mock.timers.enable({ apis: ["setTimeout"] });
    setTimeout(callback, 1);
    fire(() => mock.timers.tick(1));
    mock.timers.reset();
  },
  "node:fs stat": ({ callback }) => fs.stat(".", callback),
  "navigator.locks.request"({ callback, fire }) {
    const name = crypto.randomUUID();
    const { promise, resolve } = deferred();
    fire(() => navigator.locks.request(name, () => promise));
    navigator.locks.request(name, callback);
    fire(() => setTimeout(resolve, 0));
  },
  async "PerformanceObserver"({ callback, make, fireTwice, closing }) {
    const observer = closing(make(() => new hooks.PerformanceObserver(callback)));
    observer.observe({ entryTypes: ["mark"] });
    await fireTwice(() => hooks.performance.mark("callbacks"));
  },
  async "Deno.UnsafeCallback"({ callback, make, fireTwice, closing }) {
    const qsort = { parameters: ["buffer", "usize", "usize", "function"], result: "void" } as const;
    const library = closing(Deno.dlopen("libc.so.6", { qsort }));
    const compare = { parameters: ["pointer", "pointer"], result: "i32" } as const;
    const native = closing(make(() => new Deno.UnsafeCallback(compare, () => (callback(), 0))));
    const items = new Uint8Array(2);
    await fireTwice(() => library.symbols.qsort(items, 2n, 1n, native.pointer));
  },
};
