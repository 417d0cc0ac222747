/** Timers, locks, and the callback that one call is given. */

import fs from "node:fs";
import timers from "node:timers";
import { deferred } from "../../../tests/deferred.ts";
import type { Cases } from "../attempt.ts";

// Deno, which does not have them, has no types for them.
declare const navigator: { locks: { request(name: string, fn: () => unknown): Promise<unknown> } };

export const timersAndCallbacks: Cases = {
  "timer.refresh() by another task"({ callback, fire }) {
    const timer = timers.setTimeout(callback, 1);
    fire(() => timer.refresh());
  },
  "node:fs stat": ({ callback }) => fs.stat(".", callback),
  "navigator.locks.request"({ callback, fire }) {
    const name = crypto.randomUUID();
    const { promise, resolve } = deferred();
    fire(() => navigator.locks.request(name, () => promise));
    navigator.locks.request(name, callback);
    fire(() => setTimeout(resolve, 0));
  },
};
