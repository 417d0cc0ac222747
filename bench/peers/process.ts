/** A peer in a process of its own, and the questions that can be put to it. */

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

/** The bytes of a live copy with one set, and those left of it later. */
export interface Weight {
  readonly live: number;
  readonly left: number;
}

/** A running peer. */
export class PeerProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  /** Starts a peer with a number of variables. */
  constructor(command: readonly string[], variables: number) {
    const [program, ...args] = command as [string, ...string[]];
    this.#child = spawn(program, [...args, String(variables)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#answers = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** Has the peer check itself. */
  check(): Promise<Description> {
    return this.#ask("check");
  }

  /** Returns the nanoseconds of one operation, in one round. */
  measure(operation: string): Promise<number> {
    return this.#ask(operation);
  }

  /** Weighs the peer's copies. */
  weigh(): Promise<Weight> {
    return this.#ask("bytes");
  }

  /** Ends the process. */
  [Symbol.dispose](): void {
    this.#child.kill();
  }

  async #ask<T>(question: string): Promise<T> {
    this.#child.stdin!.write(`${question}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${this.#child.spawnargs.join(" ")} ended at "${question}"`);
    return JSON.parse(value);
  }
}
