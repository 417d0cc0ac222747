// threads: a thread has contexts of its own, so that a value must be handed over
// deno run --allow-read examples/threads.ts

import { once } from "node:events";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { ContextVar, createTask } from "@contextvars/contextvars";

interface ThreadData {
  readonly name: string;
  readonly value?: string;
}

const variable = new ContextVar("variable", { default: "default" });

async function startThread(data: ThreadData): Promise<void> {
  await once(new Worker(new URL(import.meta.url), { workerData: data }), "exit");
}

function thread({ name, value }: ThreadData): void {
  const print = () => console.log(`Thread ${name}: ${variable.get()}`);
  if (value === undefined) print();
  else variable.run(value, print);
}

async function main(): Promise<void> {
  variable.set("async value");
  console.log(`Async task: ${variable.get()}`);
  await startThread({ name: "Thread-1" });
  await startThread({ name: "Thread-2, with the value", value: variable.get() });
}

if (isMainThread) await createTask(main);
else thread(workerData);
