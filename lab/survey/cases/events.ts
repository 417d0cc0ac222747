/** Events, whose listeners are called by whoever dispatches; and errors that nobody catches. */

import { EventEmitter } from "node:events";
import process from "node:process";
import type { Cases } from "../attempt.ts";
import { on, onGlobal } from "../emitter.ts";

export const events: Cases = {
  "EventTarget listener": on(
    () => new EventTarget(),
    "event",
    (target) => target.dispatchEvent(new Event("event")),
  ),
  "EventEmitter listener": on(() => new EventEmitter(), "event", (it) => it.emit("event")),
  "AbortSignal onabort"({ callback, make, fire }) {
    const controller = make(() => new AbortController());
    controller.signal.onabort = callback;
    fire(() => controller.abort());
  },
  "AbortSignal.timeout listener"({ callback, make, closing }) {
    const signal = make(() => AbortSignal.timeout(1));
    signal.addEventListener("abort", callback);
    closing(() => signal.removeEventListener("abort", callback)); // holds the signal until then
  },
};

export const errors: Cases = {
  "unhandledrejection listener": onGlobal(globalThis, "unhandledrejection", rejectLater),
  "process unhandledRejection listener": onGlobal(process, "unhandledRejection", rejectLater),
  "error listener of the global object": onGlobal(globalThis, "error", throwLater),
  "process uncaughtException listener": onGlobal(process, "uncaughtException", throwLater),
};

function rejectLater(): void {
  Promise.reject(new Error("expected"));
}

function throwLater(): void {
  setTimeout(() => {
    throw new Error("expected");
  }, 0);
}
