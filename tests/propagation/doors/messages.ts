/** Messages between ports, channels and workers. */

import { type Doors, load } from "../door.ts";

const workerThreads = await load(import("node:worker_threads"));

export const messages: Doors = {
  "MessagePort onmessage"({ callback, elsewhere, afterwards }) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = callback;
    elsewhere(() => port2.postMessage("message"));
    afterwards(() => port1.close());
  },
  "MessagePort listener"({ callback, elsewhere, afterwards }) {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", callback);
    port1.start();
    elsewhere(() => port2.postMessage("message"));
    afterwards(() => port1.close());
  },
  "BroadcastChannel listener"({ callback, elsewhere, afterwards }) {
    const [receiver, sender] = [new BroadcastChannel("door"), new BroadcastChannel("door")];
    receiver.onmessage = callback;
    elsewhere(() => sender.postMessage("message"));
    afterwards(() => receiver.close());
    afterwards(() => sender.close());
  },
  "Worker message"({ callback, afterwards }) {
    const url = URL.createObjectURL(new Blob(["postMessage(1)"], { type: "text/javascript" }));
    const worker = new Worker(url, { type: "module" });
    worker.onmessage = callback;
    afterwards(() => worker.terminate());
  },
  "Worker error"({ callback, afterwards }) {
    const url = URL.createObjectURL(new Blob(["throw 1"], { type: "text/javascript" }));
    const worker = new Worker(url, { type: "module" });
    worker.onerror = (event) => {
      event.preventDefault();
      callback();
    };
    afterwards(() => worker.terminate());
  },
  "node:worker_threads message"({ callback, afterwards }) {
    const source = `require("node:worker_threads").parentPort.postMessage(1)`;
    const worker = new workerThreads.Worker(source, { eval: true });
    worker.on("message", callback);
    afterwards(() => worker.terminate());
  },
  "node:worker_threads exit"({ callback }) {
    new workerThreads.Worker("", { eval: true }).on("exit", callback);
  },
  "node:worker_threads MessagePort message"({ callback, elsewhere, afterwards }) {
    const { port1, port2 } = new workerThreads.MessageChannel();
    port1.on("message", callback);
    elsewhere(() => port2.postMessage("message"));
    afterwards(() => port1.close());
  },
};
