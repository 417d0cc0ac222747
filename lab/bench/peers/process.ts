/** A peer or a server in a process of its own, and what it answers. */

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Reach } from "./peer.ts";

/** What a peer says of itself, once it has passed its checks. */
export interface Description {
  readonly name: string;
  readonly setReaches: Reach;
  readonly runtime: string;
  readonly operations: readonly string[];
}

/** The bytes of a live context, and those left of it later. */
export interface Weight {
  readonly live: number;
  readonly left: number;
}

/** A running program that answers each line with a line of JSON. */
export class AnsweringProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  /** Starts a program. */
  constructor([program, ...args]: readonly string[]) {
    this.#child = spawn(program!, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /**
   * Returns the answer to a question.
   *
   * @throws {Error} The program has ended.
   */
  async ask<T>(question: string): Promise<T> {
    this.#child.stdin!.write(`${question}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${this.#child.spawnargs.join(" ")} ended at "${question}"`);
    return JSON.parse(value);
  }

  /** Ends the process. */
  [Symbol.dispose](): void {
    this.#child.kill();
  }
}
