/** Timers and queues. */

import { type Doors, load } from "../door.ts";

const process = await load(import("node:process"));
const timers = await load(import("node:timers"));
const timersPromises = await load(import("node:timers/promises"));
const util = await load(import("node:util"));

export const timersAndQueues: Doors = {
  "setTimeout"({ callback }) {
    setTimeout(callback, 0);
  },
  "setInterval"({ callback, afterwards }) {
    const timer = setInterval(callback, 1);
    afterwards(() => clearInterval(timer));
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
  "timer.refresh() by another task"({ callback, elsewhere }) {
    const timer = timers.setTimeout(callback, 1);
    elsewhere(() => timer.refresh());
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
};
