/** Folders for as long as a test needs them. */

import { join } from "node:path";

/**
 * A new, empty folder, which is removed with all that is in it when it is disposed.
 *
 * After Ctrl-C nothing is disposed: with_std.ts removes what is left.
 */
export class TemporaryFolder implements Disposable {
  readonly path: string = Deno.makeTempDirSync({ prefix: "contextvars-" });

  /** Returns the path of a file in the folder. */
  file(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
