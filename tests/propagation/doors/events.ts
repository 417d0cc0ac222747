/** Events: who dispatches them is in whose context a listener runs. */

import { type Doors, load } from "../door.ts";

const asyncHooks = await load(import("node:async_hooks"));
const diagnostics = await load(import("node:diagnostics_channel"));
const events = await load(import("node:events"));

export const eventDoors: Doors = {
  "EventTarget listener"({ callback, elsewhere }) {
    const target = new EventTarget();
    target.addEventListener("event", callback);
    elsewhere(() => target.dispatchEvent(new Event("event")));
  },
  "EventEmitter listener"({ callback, elsewhere }) {
    const emitter = new events.EventEmitter();
    emitter.on("event", callback);
    elsewhere(() => emitter.emit("event"));
  },
  "EventEmitterAsyncResource listener"({ callback, elsewhere }) {
    const emitter = new events.EventEmitterAsyncResource({ name: "door" });
    emitter.on("event", callback);
    elsewhere(() => emitter.emit("event"));
  },
  async "events.once"({ callback, elsewhere }) {
    const emitter = new events.EventEmitter();
    const emitted = events.EventEmitter.once(emitter, "event");
    elsewhere(() => emitter.emit("event"));
    await emitted;
    callback();
  },
  async "events.on, the body of its loop"({ callback, elsewhere }) {
    const emitter = new events.EventEmitter();
    elsewhere(() => setTimeout(() => emitter.emit("event"), 0));
    for await (const _ of events.EventEmitter.on(emitter, "event")) {
      callback();
      break;
    }
  },
  "AbortSignal listener"({ callback, elsewhere }) {
    const controller = new AbortController();
    controller.signal.addEventListener("abort", callback);
    elsewhere(() => controller.abort());
  },
  "AbortSignal onabort"({ callback, elsewhere }) {
    const controller = new AbortController();
    controller.signal.onabort = callback;
    elsewhere(() => controller.abort());
  },
  "AbortSignal.any listener"({ callback, elsewhere }) {
    const controller = new AbortController();
    AbortSignal.any([controller.signal]).addEventListener("abort", callback);
    elsewhere(() => controller.abort());
  },
  "AbortSignal.timeout listener"({ callback, afterwards }) {
    const signal = AbortSignal.timeout(1);
    signal.addEventListener("abort", callback);
    afterwards(() => signal.removeEventListener("abort", callback)); // holds the signal until then
  },
  "diagnostics_channel subscriber"({ callback, elsewhere }) {
    diagnostics.subscribe("contextvars", callback);
    elsewhere(() => diagnostics.channel("contextvars").publish({}));
    diagnostics.unsubscribe("contextvars", callback);
  },
  "AsyncResource.bind"({ callback, elsewhere }) {
    elsewhere(asyncHooks.AsyncResource.bind(callback));
  },
  "AsyncLocalStorage.snapshot"({ callback, elsewhere }) {
    const inside = asyncHooks.AsyncLocalStorage.snapshot();
    elsewhere(() => inside(callback));
  },
};
