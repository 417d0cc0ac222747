/** Events: a listener is called by whoever dispatches. */

import { type Cases, load } from "../attempt.ts";

const diagnostics = await load(import("node:diagnostics_channel"));
const events = await load(import("node:events"));

export const eventCases: Cases = {
  async "EventTarget listener"({ callback, make, fireTwice }) {
    const target = make(() => new EventTarget());
    target.addEventListener("event", callback);
    await fireTwice(() => target.dispatchEvent(new Event("event")));
  },
  async "EventEmitter listener"({ callback, make, fireTwice }) {
    const emitter = make(() => new events.EventEmitter());
    emitter.on("event", callback);
    await fireTwice(() => emitter.emit("event"));
  },
  async "EventEmitterAsyncResource listener"({ callback, make, fireTwice }) {
    const emitter = make(() => new events.EventEmitterAsyncResource({ name: "callbacks" }));
    emitter.on("event", callback);
    await fireTwice(() => emitter.emit("event"));
  },
  async "events.on, the body of its loop"({ callback, make, fire }) {
    const emitter = make(() => new events.EventEmitter());
    fire(() => setTimeout(() => emitter.emit("event"), 0));
    for await (const _ of events.EventEmitter.on(emitter, "event")) {
      callback();
      break;
    }
  },
  "AbortSignal onabort"({ callback, make, fire }) {
    const controller = make(() => new AbortController());
    controller.signal.onabort = callback;
    fire(() => controller.abort());
  },
  "AbortSignal.any listener"({ callback, make, fire }) {
    const controller = new AbortController();
    make(() => AbortSignal.any([controller.signal])).addEventListener("abort", callback);
    fire(() => controller.abort());
  },
  "AbortSignal.timeout listener"({ callback, make, afterwards }) {
    const signal = make(() => AbortSignal.timeout(1));
    signal.addEventListener("abort", callback);
    afterwards(() => signal.removeEventListener("abort", callback)); // holds the signal until then
  },
  async "diagnostics_channel subscriber"({ callback, make, fireTwice, afterwards }) {
    const channel = make(() => diagnostics.channel("contextvars"));
    diagnostics.subscribe("contextvars", callback);
    afterwards(() => diagnostics.unsubscribe("contextvars", callback));
    await fireTwice(() => channel.publish({}));
  },
  "FileReader onload"({ callback, make }) {
    const reader = make(() => new FileReader());
    reader.onload = callback;
    reader.readAsText(new Blob(["text"]));
  },
};
