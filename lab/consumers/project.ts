/** A consumer's project: a temporary folder, and the commands that are run in it. */

import { runDeno } from "../../tests/command.ts";
import { TemporaryFolder } from "../../tests/temporary_folder.ts";

/** What a command printed, on both outputs, and whether it succeeded. */
export interface Outcome {
  readonly success: boolean;
  readonly output: string;
}

/** A folder with the files that a test puts there. */
export class Project extends TemporaryFolder {
  readonly #environment: Record<string, string>;

  /**
   * Makes an empty project.
   *
   * @param jsrUrl Where packages come from in JSR's place; nothing is cached then.
   */
  constructor(jsrUrl?: string) {
    super();
    this.#environment = jsrUrl === undefined
      ? {}
      : { DENO_DIR: this.file(".deno"), JSR_URL: jsrUrl };
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
  async deno(...args: string[]): Promise<Outcome> {
    const surroundings = { cwd: this.path, env: this.#environment };
    const { code, stdout, stderr } = await runDeno(args, surroundings);
    return { success: code === 0, output: stdout + stderr };
  }
}
