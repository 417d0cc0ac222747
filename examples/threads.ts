// threads: a thread has contexts of its own, so that a value must be handed over
// deno run --allow-read examples/threads.ts

import { once } from "node:events";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { ContextVar, createTask } from "@contextvars/contextvars";

interface ThreadData {
  readonly name: string;
  readonly value?: string;
}

const variable = new ContextVar("variable", { default: "default" });

async function runThread(data: ThreadData): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  await once(worker, "message");
  await worker.terminate();
}

function thread({ name, value }: ThreadData): void {
  const print = () => console.log(`Thread ${name}: ${variable.get()}`);
  if (value === undefined) print();
  else variable.run(value, print);
}

async function main(): Promise<void> {
  variable.set("async value");
  console.log(`Async task: ${variable.get()}`);
  await runThread({ name: "Thread-1" });
  await runThread({ name: "Thread-2, with the value", value: variable.get() });
}

if (parentPort === null) {
  await createTask(main);
} else {
  thread(workerData);
  parentPort.postMessage("done");
}

// Prints:
// Async task: async value
// Thread Thread-1: default
// Thread Thread-2, with the value: async value
