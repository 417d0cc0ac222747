/** Compares the traces of a program in this module and in CPython. */

import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { interpret } from "./interpret.ts";
import type { Program } from "./program.ts";

/** Runs a program, and returns its trace. */
export type Tracer = (program: Program) => Promise<readonly string[]>;

/** A program with its two traces. */
export interface Comparison {
  readonly program: Program;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  readonly equal: boolean;
}

const INTERPRETER = fileURLToPath(new URL("interpret.py", import.meta.url));

/** Another version of Python can be named in the environment. */
const COMMAND = Deno.env.get("PYTHON") ?? "python3";

/** The version of Python that is installed here, if any is. */
export const pythonVersion: string | undefined = findVersion();

/** A process of CPython that runs one program after another. */
export class Python implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#process = spawn(COMMAND, [INTERPRETER], { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
  }

  /** Runs a program; one at a time. */
  async trace(program: Program): Promise<string[]> {
    this.#process.stdin.write(`${JSON.stringify(program)}\n`);
    const { done, value } = await this.#lines.next();
    if (done) throw new Error(`${COMMAND} ended while it ran ${JSON.stringify(program)}`);
    return JSON.parse(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.stdin.end();
    await exited;
  }
}

/** Runs a program over this module and by another tracer. */
export async function compare(program: Program, other: Tracer): Promise<Comparison> {
  const [theirs, ours] = await Promise.all([other(program), interpret(program)]);
  const equal = ours.length === theirs.length && ours.every((line, i) => line === theirs[i]);
  return { program, ours, theirs, equal };
}

/** Prints a comparison: the program, and both traces from the first line in which they differ. */
export function describe({ program, ours, theirs }: Comparison): string {
  const first = ours.findIndex((line, i) => line !== theirs[i]);
  const same = first < 0 ? ours.length : first;
  return [
    JSON.stringify(program),
    ...ours.slice(0, same).map((line) => `           ${line}`),
    ...ours.slice(same).map((line) => `     here: ${line}`),
    ...theirs.slice(same).map((line) => `  CPython: ${line}`),
  ].join("\n");
}

function findVersion(): string | undefined {
  const { status, stdout } = spawnSync(COMMAND, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
