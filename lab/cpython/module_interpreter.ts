/** This module's side of a comparison. */

import { abortable } from "@std/async/abortable";
import type { Program } from "./program.ts";
import { DID_NOT_END, type Interpreter, LONGEST } from "./interpreter.ts";

/** A worker that interprets one program after another, so that none can stop its caller. */
export class ModuleInterpreter implements Interpreter, Disposable {
  #worker!: Worker;
  #loaded!: Promise<unknown>;

  constructor() {
    this.#start();
  }

  async trace(
    program: Program,
    signal?: AbortSignal,
  ): Promise<readonly string[]> {
    await this.#loaded; // its type check may take longer than any program
    try {
      return await abortable(this.#ask(program), signal ?? AbortSignal.timeout(LONGEST));
    } catch (error) {
      this.#worker.terminate();
      this.#start();
      return [`${DID_NOT_END}: ${error}`];
    }
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }

  #start(): void {
    this.#worker = new Worker(import.meta.resolve("./worker.ts"), { type: "module" });
    this.#loaded = this.#answer();
  }

  #ask(program: Program): Promise<readonly string[]> {
    this.#worker.postMessage(program);
    return this.#answer();
  }

  #answer(): Promise<readonly string[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    this.#worker.onmessage = ({ data }) => resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(event.message);
    };
    return promise;
  }
}
