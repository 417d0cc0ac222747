/** The doors of the language itself: promises, thenables and async generators. */

import { deferred, type Doors, pause } from "../door.ts";

export const language: Doors = {
  async "await"({ callback, elsewhere }) {
    const { promise, resolve } = deferred();
    elsewhere(() => queueMicrotask(resolve));
    await promise;
    callback();
  },
  async "await of another task's promise"({ callback, elsewhere }) {
    await elsewhere(pause);
    callback();
  },
  async "await of a thenable"({ callback, elsewhere }) {
    await { then: (resolve: () => void) => elsewhere(() => queueMicrotask(resolve)) };
    callback();
  },
  "then"({ callback, elsewhere }) {
    const { promise, resolve } = deferred();
    promise.then(callback);
    elsewhere(resolve);
  },
  "catch"({ callback, elsewhere }) {
    const { promise, resolve } = deferred<Promise<never>>();
    promise.catch(callback);
    elsewhere(() => resolve(Promise.reject(new Error("expected"))));
  },
  "finally"({ callback, elsewhere }) {
    const { promise, resolve } = deferred();
    promise.finally(callback);
    elsewhere(resolve);
  },
  "Promise.all"({ callback, elsewhere }) {
    Promise.all([elsewhere(pause), pause()]).then(callback);
  },
  async "a thenable's then, called by await"({ callback }) {
    await {
      then(resolve: () => void) {
        callback();
        resolve();
      },
    };
  },
  "a thenable's then, called because another task resolved with it"({ callback, elsewhere }) {
    const { resolve } = deferred<unknown>();
    const thenable = { then: callback };
    elsewhere(() => resolve(thenable));
  },
  async "for await, its body"({ callback, elsewhere }) {
    for await (const _ of elsewhere(() => twoItems(() => {}))) callback();
  },
  async "async generator: its body, at next()"({ callback, elsewhere }) {
    const generator = (async function* () {
      yield callback();
    })();
    await elsewhere(() => generator.next());
  },
  async "async generator: after an await in its body"({ callback, elsewhere }) {
    const generator = (async function* () {
      await pause();
      yield callback();
    })();
    await elsewhere(() => generator.next());
  },
  async "async generator: finally, at return()"({ callback, elsewhere }) {
    const generator = await started(callback);
    await elsewhere(() => generator.return());
  },
  async "async generator: finally, at throw()"({ callback, elsewhere }) {
    const generator = await started(callback);
    await elsewhere(() => generator.throw(new Error("expected")).catch(() => {}));
  },
  async "async generator: finally, at the break of another task's loop"({ callback, elsewhere }) {
    const generator = await started(callback);
    await elsewhere(async () => {
      for await (const _ of generator) break;
    });
  },
  async "async generator: finally, when exhausted"({ callback, elsewhere }) {
    const generator = await started(callback);
    await elsewhere(async () => {
      for await (const _ of generator);
    });
  },
};

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
