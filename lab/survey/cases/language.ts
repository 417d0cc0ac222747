/** What the language itself calls: promises, thenables, async generators, mappers, modules. */

import { Context, copyContext } from "@contextvars/contextvars";
import { deferred } from "../../../tests/deferred.ts";
import { type Cases, pause } from "../attempt.ts";

export const language: Cases = {
  "a thenable's then, called because another task resolved with it"({ callback, make, fire }) {
    const { resolve } = make(() => deferred<unknown>());
    fire(() => resolve({ then: callback }));
  },
  async "async generator: its body, at a next() while another is under way"(attempt) {
    const generator = attempt.make(() => forEver(attempt.callback));
    await attempt.fireTwice(() => void generator.next());
  },
  async "async generator, bound: its body, at such a next()"(attempt) {
    const generator = copyContext().bind(forEver)(attempt.callback);
    await attempt.fireTwice(() => void generator.next());
  },
};

export const modules: Cases = {
  async "dynamic import(), the module's own code"({ callback }) {
    Object.assign(globalThis, { callback });
    await importNew("globalThis.callback()");
    await new Context().run(importNew);
  },
};

/** Calls back in each step, and then waits. */
async function* forEver(callback: () => void): AsyncGenerator<void> {
  while (true) {
    callback();
    await pause();
    yield;
  }
}

/**
 * Imports a module that runs some code, and was never imported before.
 *
 * On Deno an import leaves its task's context behind, until the next one.
 */
export async function importNew(code = ""): Promise<void> {
  await import(`data:text/javascript,${code} // ${crypto.randomUUID()}`);
}
