/** An empty project of a consumer, in a temporary folder, and the commands run in it. */

import { join } from "node:path";

/** What a command printed, on both outputs, and whether it succeeded. */
export interface Result {
  readonly success: boolean;
  readonly output: string;
}

/** A folder with nothing but an empty `deno.json`, removed when it is disposed. */
export class Project {
  readonly #folder: string;
  readonly #jsrUrl: string;

  /** Makes the project of a consumer who has nothing cached, and gets JSR's packages from a URL. */
  constructor(jsrUrl: string) {
    this.#folder = Deno.makeTempDirSync({ prefix: "contextvars-consumer-" });
    this.#jsrUrl = jsrUrl;
    Deno.writeTextFileSync(join(this.#folder, "deno.json"), "{}");
  }

  /** Copies a file into the project. */
  async copy(source: URL, name: string): Promise<void> {
    await Deno.copyFile(source, join(this.#folder, name));
  }

  /** Reads a file of the project. */
  read(name: string): Promise<string> {
    return Deno.readTextFile(join(this.#folder, name));
  }

  /** Runs `deno` in the project. */
  async deno(...args: string[]): Promise<Result> {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: this.#folder,
      env: { DENO_DIR: join(this.#folder, ".deno"), JSR_URL: this.#jsrUrl, NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
  }

  /** Removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}
