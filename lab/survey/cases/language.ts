/** What the language itself calls: promises, thenables, async generators, mappers. */

// @ts-types="npm:@types/bluebird@3.5.42"
import Bluebird from "npm:bluebird@3.7.2";
import { copyContext } from "@contextvars/contextvars";
import { type Cases, pause } from "../attempt.ts";
import { deferred } from "../../../tests/deferred.ts";

export const language: Cases = {
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
  async "Array.fromAsync, its mapper"({ callback, fire }) {
    await Array.fromAsync(fire(twoItems), callback);
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

async function* twoItems(): AsyncGenerator<number, void> {
  yield 1;
  yield 2;
}
