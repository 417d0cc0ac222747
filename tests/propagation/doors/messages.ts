/** Messages between ports, channels and workers. */

import { type Doors, load } from "../door.ts";

const workerThreads = await load(import("node:worker_threads"));

export const messages: Doors = {
  async "MessagePort onmessage"({ callback, called, elsewhere }) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = callback;
    elsewhere(() => port2.postMessage("message"));
    await called;
    port1.close();
  },
  async "MessagePort listener"({ callback, called, elsewhere }) {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", callback);
    port1.start();
    elsewhere(() => port2.postMessage("message"));
    await called;
    port1.close();
  },
  async "BroadcastChannel listener"({ callback, called, elsewhere }) {
    const [receiver, sender] = [new BroadcastChannel("door"), new BroadcastChannel("door")];
    receiver.onmessage = callback;
    elsewhere(() => sender.postMessage("message"));
    await called;
    receiver.close();
    sender.close();
  },
  async "Worker message"({ callback, called }) {
    const url = URL.createObjectURL(new Blob(["postMessage(1)"], { type: "text/javascript" }));
    const worker = new Worker(url, { type: "module" });
    worker.onmessage = callback;
    await called;
    worker.terminate();
  },
  async "Worker error"({ callback, called }) {
    const url = URL.createObjectURL(new Blob(["throw 1"], { type: "text/javascript" }));
    const worker = new Worker(url, { type: "module" });
    worker.onerror = (event) => {
      event.preventDefault();
      callback();
    };
    await called;
    worker.terminate();
  },
  async "node:worker_threads message"({ callback, called }) {
    const source = `require("node:worker_threads").parentPort.postMessage(1)`;
    const worker = new workerThreads.Worker(source, { eval: true });
    worker.on("message", callback);
    await called;
    await worker.terminate();
  },
  "node:worker_threads exit"({ callback }) {
    new workerThreads.Worker("", { eval: true }).on("exit", callback);
  },
  async "node:worker_threads MessagePort message"({ callback, called, elsewhere }) {
    const { port1, port2 } = new workerThreads.MessageChannel();
    port1.on("message", callback);
    elsewhere(() => port2.postMessage("message"));
    await called;
    port1.close();
  },
};
