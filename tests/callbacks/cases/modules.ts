/** The code of modules that are imported while the program runs. */

import type { Cases } from "../attempt.ts";

export const modules: Cases = {
  async "dynamic import(), the module's own code"({ callback, afterwards }) {
    Object.assign(globalThis, { callback });
    await importNew("globalThis.callback()");
    afterwards(() => importNew());
  },
  async "dynamic import(), after its await"({ callback, afterwards }) {
    await importNew();
    callback();
    afterwards(() => importNew());
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
