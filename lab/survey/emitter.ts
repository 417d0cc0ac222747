/** Cases of what emits: one task makes it, a second one listens, a third one has it emit. */

import type { EventEmitter } from "node:events";
import type { Writable } from "node:stream";
import { copyContext } from "@contextvars/contextvars";
import { deferred } from "../../tests/deferred.ts";
import type { Attempt, Case } from "./attempt.ts";

/** Makes an emitter; this runs in the task that makes. */
type Make<T> = (attempt: Attempt) => T | Promise<T>;

/** Has an emitter emit; this runs in a task that fires. */
type Fire<T> = (emitter: T, attempt: Attempt) => unknown;

/** What a client does in a task that fires. */
export type Send = "end" | "write twice";

/** By what one listens: Node.js' emitters have the first two, those of the web the others. */
type Emitter = Record<
  "on" | "off" | "addEventListener" | "removeEventListener",
  (event: string, listener: () => void) => void
>;

/** The case of an event that comes again and again. */
export function on<T extends object>(make: Make<T>, event: string, fire: Fire<T>): Case {
  return async (attempt) => {
    const emitter = await listening(make, event, attempt);
    await attempt.fireTwice(() => fire(emitter, attempt));
  };
}

/** The case of an event that comes once; by itself, where nothing fires it. */
export function once<T extends object>(make: Make<T>, event: string, fire?: Fire<T>): Case {
  return async (attempt) => {
    const emitter = await listening(make, event, attempt);
    await attempt.fire(() => fire?.(emitter, attempt));
  };
}

/**
 * The case of a bound listener of a server, which in turn listens to what it gets. One task makes
 * the server, another one connects to it and then sends something.
 */
export function inListener<Server extends EventEmitter, Client extends Writable>(
  make: Make<Server>,
  event: string,
  // deno-lint-ignore no-explicit-any -- what the server's listener gets
  listen: (callback: () => void, ...its: any[]) => unknown,
  connect: (server: Server, attempt: Attempt) => Client,
  send: Send = "end",
): Case {
  return async (attempt) => {
    const { promise: called, resolve } = deferred();
    const bound = copyContext().bind(async (...its) => {
      resolve();
      await listen(attempt.callback, ...its);
    });
    const server = await attempt.makeServer(() => make(attempt));
    server.on(event, (...its) => bound(...its).catch(() => {})); // the client leaves too early
    const client = attempt.fire(() => connect(server, attempt));
    await called;
    if (send === "end") attempt.fire(() => client.end());
    else await attempt.fireTwice(() => client.write("text"));
  };
}

/** The case of an emitter that is the whole process's. */
export function onGlobal(emitter: object, event: string, fire: () => unknown): Case {
  const { on, off, addEventListener, removeEventListener } = emitter as Emitter;
  return async ({ callback, fireTwice, closing }) => {
    (on ?? addEventListener).call(emitter, event, callback);
    closing(() => (off ?? removeEventListener).call(emitter, event, callback));
    await fireTwice(fire);
  };
}

/** Makes an emitter, and listens: by a property such as `onmessage`, where there is one. */
async function listening<T extends object>(
  make: Make<T>,
  event: string,
  attempt: Attempt,
): Promise<T> {
  const emitter = attempt.closing(await attempt.make(() => make(attempt)));
  const { on, addEventListener } = emitter as unknown as Emitter;
  if (`on${event}` in emitter) Reflect.set(emitter, `on${event}`, attempt.callback);
  else (on ?? addEventListener).call(emitter, event, attempt.callback);
  return emitter;
}
