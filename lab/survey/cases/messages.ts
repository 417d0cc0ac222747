/** Messages between ports, channels, workers and processes, and their ends. */

import fs from "node:fs";
import process from "node:process";
import type { Attempt, Cases } from "../attempt.ts";
import { on, once } from "../emitter.ts";
import { temporaryFolder } from "./system.ts";

// Not by import: workerd has neither.
const childProcess = process.getBuiltinModule("node:child_process");
const workerThreads = process.getBuiltinModule("node:worker_threads");

export const messages: Cases = {
  async "MessagePort onmessage"({ callback, make, fireTwice, closing }) {
    const { port1, port2 } = make(() => {
      const channel = new MessageChannel();
      channel.port1.start();
      return channel;
    });
    closing(port1).onmessage = callback;
    await fireTwice(() => port2.postMessage("message"));
  },
  async "BroadcastChannel listener"({ callback, make, fire, fireTwice }) {
    // None is closed: for a moment after the last one was, Deno 2.9 cannot send.
    const name = crypto.randomUUID();
    make(() => new BroadcastChannel(name)).onmessage = callback;
    const sender = fire(() => new BroadcastChannel(name));
    await fireTwice(() => sender.postMessage("message"));
  },
  "Worker message": on(() => webWorker("onmessage = () => postMessage(1)"), "message", post),
  "Worker error": once(() => webWorker("onmessage = () => { throw 1 }"), "error", post),
  "node:worker_threads message": on(echoWorker, "message", post),
  "node:worker_threads exit": once(
    // It is told to end: of a worker that has nothing to do, Deno 2.9 now and then tells nothing.
    () =>
      nodeWorker(
        'require("node:worker_threads").parentPort.once("message", () => process.exit());',
      ),
    "exit",
    post,
  ),
  "node:worker_threads exit, after terminate()": once(echoWorker, "exit", (worker, { fire }) => {
    worker.on("message", () => fire(() => worker.terminate())).postMessage(1);
  }),
  "node:worker_threads MessagePort close"({ callback, make, fire }) {
    const { port1, port2 } = make(() => new workerThreads.MessageChannel());
    port1.on("close", callback);
    fire(() => port2.close());
  },
  "node:child_process fork, message": on(echoProcess, "message", (child) => child.send("message")),
  async "Deno.Kv watch, the body of its loop"({ callback, fire, closing }) {
    const kv = closing(await Deno.openKv(":memory:"));
    for await (const [{ value }] of kv.watch([["key"]])) {
      if (value !== null) return callback();
      fire(() => void kv.set(["key"], 1));
    }
  },
};

function post(worker: { postMessage(message: number): void }): void {
  worker.postMessage(1);
}

function webWorker(source: string): Worker {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  return new Worker(url, { type: "module" });
}

function nodeWorker(source: string) {
  return new workerThreads.Worker(source, { eval: true });
}

function echoWorker() {
  return nodeWorker(`const { parentPort } = require("node:worker_threads");
    parentPort.on("message", (message) => parentPort.postMessage(message));`);
}

function echoProcess(attempt: Attempt) {
  const program = `${temporaryFolder(attempt)}/echo.cjs`;
  fs.writeFileSync(program, 'process.on("message", (it) => process.send(it));');
  return childProcess.fork(program);
}
