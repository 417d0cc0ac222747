/** CPython's side of a comparison. */

import { abortable } from "@std/async/abortable";
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Program } from "./program.ts";
import { DID_NOT_END, type Interpreter, LONGEST } from "./interpreter.ts";

const INTERPRETER = fileURLToPath(new URL("interpret.py", import.meta.url));

/** Another version of Python can be named in the environment. */
const COMMAND = Deno.env.get("PYTHON") ?? "python3";

/** The version of Python that is installed here, if any is. */
export const pythonVersion: string | undefined = findVersion();

interface Running {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly exited: Promise<unknown>;
  readonly lines: AsyncIterator<string>;
}

/** A process of CPython that runs one program after another. */
export class PythonInterpreter implements Interpreter, AsyncDisposable {
  #running = start();

  async trace(
    program: Program,
    signal: AbortSignal = AbortSignal.timeout(LONGEST),
  ): Promise<readonly string[]> {
    try {
      return JSON.parse(await abortable(this.#ask(program), signal));
    } catch (error) {
      this.#running.process.kill("SIGKILL");
      await this.#running.exited;
      this.#running = start();
      return [`${DID_NOT_END}: ${error}`];
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#running.process.stdin.end();
    await this.#running.exited;
  }

  async #ask(program: Program): Promise<string> {
    const { process, lines } = this.#running;
    process.stdin.write(`${JSON.stringify(program)}\n`);
    const { done, value } = await lines.next();
    if (done) throw new Error(`${COMMAND} ended`);
    return value;
  }
}

function start(): Running {
  const process = spawn(COMMAND, [INTERPRETER], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(process.stdout)[Symbol.asyncIterator]();
  return { process, exited: once(process, "exit"), lines };
}

function findVersion(): string | undefined {
  const { status, stdout } = spawnSync(COMMAND, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
