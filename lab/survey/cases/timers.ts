/** Timers and queues. */

import { type Cases, deferred, load } from "../attempt.ts";

const process = await load(import("node:process"));
const timers = await load(import("node:timers"));
const timersPromises = await load(import("node:timers/promises"));
const util = await load(import("node:util"));

// Deno, which does not have them, has no types for them.
declare const navigator: { locks: { request(name: string, fn: () => unknown): Promise<unknown> } };

export const timersAndQueues: Cases = {
  "setTimeout"({ callback }) {
    setTimeout(callback, 0);
  },
  async "setInterval"({ callback, fireTwice, afterwards }) {
    const timer = setInterval(callback, 1);
    afterwards(() => clearInterval(timer));
    await fireTwice(() => {});
  },
  "setImmediate"({ callback }) {
    timers.setImmediate(callback);
  },
  "queueMicrotask"({ callback }) {
    queueMicrotask(callback);
  },
  "process.nextTick"({ callback }) {
    process.default.nextTick(callback);
  },
  "timer.refresh() by another task"({ callback, fire }) {
    const timer = timers.setTimeout(callback, 1);
    fire(() => timer.refresh());
  },
  async "node:timers/promises setTimeout"({ callback }) {
    await timersPromises.setTimeout(0);
    callback();
  },
  async "node:timers/promises setInterval"({ callback }) {
    for await (const _ of timersPromises.setInterval(1)) {
      callback();
      break;
    }
  },
  async "util.promisify(setTimeout)"({ callback }) {
    await util.promisify(timers.setTimeout)(0);
    callback();
  },
  "navigator.locks.request"({ callback, fire }) {
    const name = crypto.randomUUID();
    const { promise, resolve } = deferred();
    fire(() => navigator.locks.request(name, () => promise));
    navigator.locks.request(name, callback);
    fire(() => setTimeout(resolve, 0));
  },
};
