/** A consumer's project: a temporary folder, and the commands run in it. */

import { join } from "node:path";

/** What a command printed, on both outputs, and whether it succeeded. */
export interface Result {
  readonly success: boolean;
  readonly output: string;
}

/** A folder with the files that a test puts there, removed when it is disposed. */
export class Project {
  readonly #folder: string = Deno.makeTempDirSync({ prefix: "contextvars-consumer-" });
  readonly #environment: Record<string, string>;

  /**
   * Makes an empty project.
   *
   * @param jsrUrl Where packages come from in JSR's place; nothing is cached then.
   */
  constructor(jsrUrl?: string) {
    this.#environment = jsrUrl === undefined
      ? { NO_COLOR: "1" }
      : { NO_COLOR: "1", DENO_DIR: this.path(".deno"), JSR_URL: jsrUrl };
  }

  /** Returns a file's path. */
  path(name: string): string {
    return join(this.#folder, name);
  }

  /** Writes a file. */
  async write(name: string, text: string): Promise<void> {
    await Deno.writeTextFile(this.path(name), text);
  }

  /** Copies a file of this repository's `tests/consumer/` into the project. */
  async copy(source: string, name: string): Promise<void> {
    await Deno.copyFile(new URL(source, import.meta.url), this.path(name));
  }

  /** Runs `deno` in the project. */
  async deno(...args: string[]): Promise<Result> {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: this.#folder,
      env: this.#environment,
    }).output();
    const decoder = new TextDecoder();
    return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
  }

  /** Removes the folder. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}
