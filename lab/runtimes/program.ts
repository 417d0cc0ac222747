/** The end of each bundle: a program whose `test` runs its file's tests, and prints the report. */

import { runTests } from "./registry.ts";

/** Named as Cloudflare's `workerd test` wants it; the other runtimes call it from start.mjs. */
export default {
  async test(): Promise<void> {
    console.log(JSON.stringify(await runTests()));
  },
};
