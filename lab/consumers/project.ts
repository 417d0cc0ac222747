/** A consumer's project: a temporary folder, and the commands that are run in it. */

import { type Result, runDeno } from "../../tests/command.ts";
import { TemporaryFolder } from "../../tests/temporary_folder.ts";

/** A folder with the files that a test puts there. */
export class Project extends TemporaryFolder {
  readonly #env: Record<string, string>;

  /**
   * Makes an empty project.
   *
   * @param jsrUrl Where packages come from in JSR's place; nothing is cached then.
   */
  constructor(jsrUrl?: string) {
    super();
    this.#env = jsrUrl === undefined ? {} : { DENO_DIR: this.file(".deno"), JSR_URL: jsrUrl };
  }

  /** Writes a file. */
  async write(name: string, text: string): Promise<void> {
    await Deno.writeTextFile(this.file(name), text);
  }

  /** Copies a file, named from the folder of this module, into the project. */
  async copy(from: string, to: string = from): Promise<void> {
    await Deno.copyFile(new URL(from, import.meta.url), this.file(to));
  }

  /** Runs `deno` in the project. */
  deno(...args: string[]): Promise<Result> {
    return runDeno(args, { cwd: this.path, env: this.#env });
  }
}
