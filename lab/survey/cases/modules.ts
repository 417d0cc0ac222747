/** The code of modules that are imported while the program runs. */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Cases } from "../attempt.ts";

const outsideTasks = AsyncLocalStorage.snapshot();

export const modules: Cases = {
  async "dynamic import(), the module's own code"({ callback }) {
    Object.assign(globalThis, { callback });
    await importNew("globalThis.callback()");
    await outsideTasks(importNew);
  },
  async "dynamic import(), after its await"({ callback }) {
    await importNew();
    callback();
    await outsideTasks(importNew);
  },
};

/**
 * Imports a module that runs some code, and was never imported before.
 *
 * On Deno an import in a task leaves the task's context behind; one outside any task ends that.
 */
export async function importNew(code = ""): Promise<void> {
  await import(`data:text/javascript,${code} // ${crypto.randomUUID()}`);
}
