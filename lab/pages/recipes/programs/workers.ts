/** Worker threads: a job takes the id along, and runs there as a task that has it. */

import { once } from "node:events";
import { MessageChannel, type MessagePort, parentPort, Worker } from "node:worker_threads";
import { ContextVar } from "@contextvars/contextvars";
import { conclude, concurrently, count, turns } from "../tally.ts";

const requestId = new ContextVar("requestId", { default: "-" });

/** In the worker. */
async function job(name: string): Promise<string> {
  await turns();
  return `${name} for ${requestId.get()}`;
}

interface Message {
  readonly id: string;
  readonly name: string;
  readonly port: MessagePort;
}

parentPort?.on("message", async ({ id, name, port }: Message) => {
  port.postMessage(await requestId.run(id, job, name));
});

async function runInWorker(worker: Worker, name: string): Promise<string> {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ id: requestId.get(), name, port: port2 }, [port2]);
  const [answer] = await once(port1, "message");
  port1.close();
  return answer;
}

if (parentPort === null) {
  const worker = new Worker(new URL(import.meta.url));
  await concurrently(requestId, async (id) => {
    count(await runInWorker(worker, "job"), `job for ${id}`);
    count(requestId.get(), id);
  });
  await worker.terminate();
  conclude(400);
}

// wrong, not sent: id: requestId.get() ~> id: "-"
// wrong, not run: requestId.run(id, job, name) ~> job(name)
