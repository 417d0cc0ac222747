/** A consumer's project: a temporary folder, and the commands that are run in it. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";

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
  deno(...args: string[]): Promise<Result> {
    return deno(args, this.#folder, this.#environment);
  }

  /** Removes the folder. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

/** Runs `deno` at this repository's root. */
export function denoInRepository(...args: string[]): Promise<Result> {
  return deno(args, fileURLToPath(new URL("../..", import.meta.url)), { NO_COLOR: "1" });
}

async function deno(args: string[], cwd: string, env: Record<string, string>): Promise<Result> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd, env });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}
