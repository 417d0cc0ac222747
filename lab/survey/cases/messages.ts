/** Messages between ports, channels and workers. */

import { type Cases, load, pause } from "../attempt.ts";

const childProcess = await load(import("node:child_process"));
const fs = await load(import("node:fs"));
const os = await load(import("node:os"));
const workerThreads = await load(import("node:worker_threads"));

const MODULE = { type: "module" } as const;

const ECHO = `const { parentPort } = require("node:worker_threads");
  parentPort.on("message", (message) => parentPort.postMessage(message));`;

export const messages: Cases = {
  async "MessagePort onmessage"({ callback, make, fireTwice, afterwards }) {
    const { port1, port2 } = make(started);
    port1.onmessage = callback;
    afterwards(() => port1.close());
    await fireTwice(() => port2.postMessage("message"));
  },
  async "BroadcastChannel listener"({ callback, make, fire, fireTwice, afterwards }) {
    await pause(); // on Deno 2.9, none can be made in the turn in which the last one was closed
    const name = crypto.randomUUID();
    const receiver = make(() => new BroadcastChannel(name));
    const sender = fire(() => new BroadcastChannel(name));
    receiver.onmessage = callback;
    afterwards(() => receiver.close());
    afterwards(() => sender.close());
    await fireTwice(() => sender.postMessage("message"));
  },
  async "Worker message"({ callback, make, fireTwice, afterwards }) {
    const worker = make(() => new Worker(urlOf("onmessage = () => postMessage(1)"), MODULE));
    worker.onmessage = callback;
    afterwards(() => worker.terminate());
    await fireTwice(() => worker.postMessage(1));
  },
  async "Worker error"({ callback, make, fire, afterwards }) {
    const worker = make(() => new Worker(urlOf("onmessage = () => { throw 1 }"), MODULE));
    worker.onerror = (event) => {
      event.preventDefault();
      callback();
    };
    afterwards(() => worker.terminate());
    await fire(() => worker.postMessage(1));
  },
  async "node:worker_threads message"({ callback, make, fireTwice, afterwards }) {
    const worker = make(() => new workerThreads.Worker(ECHO, { eval: true }));
    worker.on("message", callback);
    afterwards(() => worker.terminate());
    await fireTwice(() => worker.postMessage(1));
  },
  "node:worker_threads exit"({ callback, make, fire }) {
    // It is told to end: of a worker that has nothing to do, Deno 2.9 now and then tells nothing.
    const source = `require("node:worker_threads").parentPort.once("message", process.exit);`;
    const worker = make(() => new workerThreads.Worker(source, { eval: true }));
    worker.on("exit", callback);
    fire(() => worker.postMessage(0));
  },
  "node:worker_threads exit, after terminate()"({ callback, make, fire }) {
    const worker = make(() => new workerThreads.Worker(ECHO, { eval: true }));
    worker.on("exit", callback);
    worker.on("online", () => fire(() => worker.terminate()));
  },
  "node:worker_threads MessagePort close"({ callback, make, fire }) {
    const { port1, port2 } = make(() => new workerThreads.MessageChannel());
    port1.on("close", callback);
    fire(() => port2.close());
  },
  async "node:child_process fork, message"({ callback, make, fireTwice, afterwards }) {
    const folder = fs.mkdtempSync(`${os.tmpdir()}/callbacks-`);
    afterwards(() => fs.rmSync(folder, { recursive: true }));
    fs.writeFileSync(`${folder}/echo.cjs`, 'process.on("message", (it) => process.send(it));');
    const child = make(() => childProcess.fork(`${folder}/echo.cjs`));
    child.on("message", callback);
    afterwards(() => child.kill());
    await fireTwice(() => child.send("message"));
  },
  async "node:worker_threads MessagePort message"({ callback, make, fireTwice, afterwards }) {
    const { port1, port2 } = make(() => new workerThreads.MessageChannel());
    make(() => port1.on("message", () => {}));
    port1.on("message", callback);
    afterwards(() => port1.close());
    await fireTwice(() => port2.postMessage("message"));
  },
  async "Deno.Kv watch, the body of its loop"({ callback, fire, afterwards }) {
    const kv = await Deno.openKv(":memory:");
    afterwards(() => kv.close());
    for await (const [{ value }] of kv.watch([["key"]])) {
      if (value !== null) return callback();
      fire(() => void kv.set(["key"], 1));
    }
  },
  async "Deno.Kv listenQueue handler"({ callback, fireTwice, afterwards }) {
    const kv = await Deno.openKv(":memory:");
    afterwards(() => kv.close());
    kv.listenQueue(callback);
    await fireTwice(() => kv.enqueue(1));
  },
};

function started(): MessageChannel {
  const channel = new MessageChannel();
  channel.port1.start();
  return channel;
}

function urlOf(source: string): string {
  return URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
}
