/** What the language itself calls: promises, thenables, async generators, mappers. */

// @ts-types="npm:@types/bluebird@3.5.42"
import Bluebird from "npm:bluebird@3.7.2";
import { copyContext } from "@contextvars/contextvars";
import { type Cases, deferred, pause } from "../attempt.ts";

export const language: Cases = {
  async "await"({ callback, make, fire }) {
    const { promise, resolve } = make(deferred);
    fire(() => queueMicrotask(resolve));
    await promise;
    callback();
  },
  async "await of another task's promise"({ callback, fire }) {
    await fire(pause);
    callback();
  },
  async "await of a thenable"({ callback, make, fire }) {
    await make(() => ({ then: (resolve: () => void) => fire(() => queueMicrotask(resolve)) }));
    callback();
  },
  "then"({ callback, make, fire }) {
    const { promise, resolve } = make(deferred);
    promise.then(callback);
    fire(resolve);
  },
  "catch"({ callback, make, fire }) {
    const { promise, resolve } = make(() => deferred<Promise<never>>());
    promise.catch(callback);
    fire(() => resolve(Promise.reject(new Error("expected"))));
  },
  "finally"({ callback, make, fire }) {
    const { promise, resolve } = make(deferred);
    promise.finally(callback);
    fire(resolve);
  },
  "Promise.all"({ callback, fire }) {
    Promise.all([fire(pause), pause()]).then(callback);
  },
  async "a thenable's then, called by await"({ callback }) {
    await {
      then(resolve: () => void) {
        callback();
        resolve();
      },
    };
  },
  "a thenable's then, called because another task resolved with it"({ callback, make, fire }) {
    const { resolve } = make(() => deferred<unknown>());
    const thenable = { then: callback };
    fire(() => resolve(thenable));
  },
  async "await of a promise of Bluebird"({ callback, make, fire }) {
    const { promise, resolve } = make(bluebirdDeferred);
    fire(resolve);
    await promise;
    callback();
  },
  "then of a promise of Bluebird"({ callback, make, fire }) {
    const { promise, resolve } = make(bluebirdDeferred);
    promise.then(callback);
    fire(resolve);
  },
  async "for await, its body"({ callback, fire }) {
    for await (const _ of fire(() => twoItems(() => {}))) callback();
  },
  async "Array.fromAsync, its mapper"({ callback, fire }) {
    await Array.fromAsync(fire(() => twoItems(() => {})), callback);
  },
  async "async generator: its body, at next()"({ callback, make, fireTwice }) {
    const generator = make(() => forEver(callback));
    await fireTwice(() => generator.next());
  },
  async "async generator: its body, at a next() while another is under way"(attempt) {
    const generator = attempt.make(() => forEver(attempt.callback));
    attempt.fire(() => generator.next());
    await attempt.fireAgain(() => generator.next());
  },
  async "async generator, bound: its body, at such a next()"(attempt) {
    const generator = copyContext().bind(forEver)(attempt.callback);
    attempt.fire(() => generator.next());
    await attempt.fireAgain(() => generator.next());
  },
  async "async generator: after an await in its body"({ callback, make, fire }) {
    const generator = make(async function* () {
      await pause();
      yield callback();
    });
    await fire(() => generator.next());
  },
  async "async generator: finally, at return()"({ callback, fire }) {
    const generator = await started(callback);
    await fire(() => generator.return());
  },
  async "async generator: finally, at throw()"({ callback, fire }) {
    const generator = await started(callback);
    await fire(() => generator.throw(new Error("expected")).catch(() => {}));
  },
  async "async generator: finally, at the break of another task's loop"({ callback, fire }) {
    const generator = await started(callback);
    await fire(async () => {
      for await (const _ of generator) break;
    });
  },
  async "async generator: finally, when exhausted"({ callback, fire }) {
    const generator = await started(callback);
    await fire(async () => {
      for await (const _ of generator);
    });
  },
};

function bluebirdDeferred(): { promise: Bluebird<void>; resolve: () => void } {
  let resolve: () => void;
  const promise = new Bluebird<void>((settle) => resolve = settle);
  return { promise, resolve: resolve! };
}

/** Calls back in each step, and then waits. */
async function* forEver(callback: () => void): AsyncGenerator<void> {
  while (true) {
    callback();
    await pause();
    yield;
  }
}

/** Returns a generator that waits in its first `yield`. */
async function started(callback: () => void): Promise<AsyncGenerator<number, void>> {
  const generator = twoItems(callback);
  await generator.next();
  return generator;
}

async function* twoItems(closed: () => void): AsyncGenerator<number, void> {
  try {
    yield 1;
    yield 2;
  } finally {
    await pause();
    closed();
  }
}
