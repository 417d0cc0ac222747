/** This module's side of a comparison. */

import type { Program } from "./program.ts";
import { DID_NOT_END, type Interpreter, LONGEST, unlessAborted } from "./interpreter.ts";

/** A worker that interprets one program after another, so that none can stop its caller. */
export class ModuleInterpreter implements Interpreter, Disposable {
  #worker = start();

  async trace(
    program: Program,
    signal: AbortSignal = AbortSignal.timeout(LONGEST),
  ): Promise<readonly string[]> {
    try {
      return await unlessAborted(this.#ask(program), signal);
    } catch (error) {
      this.#worker.terminate();
      this.#worker = start();
      return [`${DID_NOT_END}: ${error}`];
    }
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }

  #ask(program: Program): Promise<readonly string[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    this.#worker.onmessage = ({ data }) => resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(event.message);
    };
    this.#worker.postMessage(program);
    return promise;
  }
}

function start(): Worker {
  return new Worker(import.meta.resolve("./worker.ts"), { type: "module" });
}
