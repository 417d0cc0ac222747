/** Compares the traces of a program in this module and in CPython. */

import { assertEquals } from "@std/assert";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { DID_NOT_END, type Entry, type Program } from "./program.ts";

/** In milliseconds; a program takes one or two, and the machine may be busy. */
const LONGEST = 60_000;

/** Another Python can be named in the environment. */
const PYTHON = Deno.env.get("PYTHON") ?? "python3";

/** Runs a program, and returns its trace; one that did not end has `DID_NOT_END` last. */
export type Interpret = (program: Program) => Promise<readonly Entry[]>;

/** A process that runs one program after another. */
export class Side implements AsyncDisposable {
  readonly #command: readonly string[];
  #process!: ChildProcess;
  #exited!: Promise<unknown>;
  #lines!: AsyncIterator<string>;

  static ours(): Side {
    return new Side(Deno.execPath(), "run", "-A", import.meta.resolve("./interpret.ts"));
  }

  static theirs(): Side {
    return new Side(PYTHON, fileURLToPath(import.meta.resolve("./interpret.py")));
  }

  private constructor(...command: string[]) {
    this.#command = command;
    this.#start();
  }

  /** Runs a program, as the type `Interpret` says, and within a time. */
  readonly interpret = async (program: Program, longest = LONGEST): Promise<readonly Entry[]> => {
    const process = this.#process;
    const timer = setTimeout(() => process.kill("SIGKILL"), longest);
    process.stdin!.write(`${JSON.stringify(program)}\n`);
    const { done, value } = await this.#lines.next();
    clearTimeout(timer);
    if (!done) return JSON.parse(value);
    this.#start();
    return [DID_NOT_END];
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin!.end();
    await this.#exited;
  }

  #start(): void {
    const [command, ...args] = this.#command;
    this.#process = spawn(command!, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#process.stdin!.on("error", () => {}); // that it is gone shows where its lines are read
    this.#exited = once(this.#process, "exit");
    this.#lines = createInterface(this.#process.stdout!)[Symbol.asyncIterator]();
  }
}

/** Returns the version of Python that is installed here, if its asyncio can do what is asked. */
export function findPython(): string | undefined {
  const { stdout } = spawnSync(PYTHON, ["--version"], { encoding: "utf8" });
  const [version, minor] = /^Python 3\.(\d+).*/.exec(stdout ?? "") ?? [];
  return Number(minor) >= 11 ? version : undefined;
}

/** Runs a program on both sides; tells in what their traces differ, if they do. */
export async function compare(
  program: Program,
  ours: Interpret,
  theirs: Interpret,
): Promise<{ trace: readonly Entry[]; difference?: string }> {
  const [trace, other] = await Promise.all([ours(program), theirs(program)]);
  // Only ours keeps `DID_NOT_END`: so what does not end equals nothing.
  const expected = other.filter(({ kind }) => kind !== DID_NOT_END.kind);
  const lines = (entries: readonly Entry[]) => entries.map((entry) => JSON.stringify(entry));
  try {
    assertEquals(lines(trace), lines(expected));
    return { trace };
  } catch (error) {
    return { trace, difference: (error as Error).message };
  }
}
