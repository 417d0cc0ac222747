/** Worker threads: a job takes the values of some variables along, and runs there with them. */

import { once } from "node:events";
import { MessageChannel, type MessagePort, parentPort, Worker } from "node:worker_threads";
import { Context, ContextVar } from "@contextvars/contextvars";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

const tenant = new ContextVar("tenant", { default: "-" });

const SENT = [requestId, tenant];

/** In the worker. */
async function job(name: string): Promise<string> {
  await turns();
  if (name === "fail") throw new Error(`failed for ${requestId.get()}`);
  return `${name} for ${requestId.get()} of ${tenant.get()}`;
}

interface Message {
  readonly values: string[];
  readonly name: string;
  readonly port: MessagePort;
}

parentPort?.on("message", async ({ values, name, port }: Message) => {
  const context = new Context();
  context.run(() => values.forEach((value, i) => SENT[i]!.set(value)));
  const answer = context.run(job, name);
  port.postMessage(await answer.then((value) => ({ value }), (error) => ({ error })));
});

async function runInWorker(worker: Worker, name: string): Promise<string> {
  const { port1, port2 } = new MessageChannel();
  const values = SENT.map((variable) => variable.get());
  worker.postMessage({ values, name, port: port2 }, [port2]);
  const [{ value, error }] = await once(port1, "message");
  port1.close();
  if (error !== undefined) throw error;
  return value;
}

if (parentPort === null) {
  const worker = new Worker(new URL(import.meta.url));
  await concurrently(async (id) => {
    tenant.set(`tenant of ${id}`);
    count(await runInWorker(worker, "job"), `job for ${id} of tenant of ${id}`);
    const failure = await runInWorker(worker, "fail").catch((error) => error.message);
    count(failure, `failed for ${id}`);
    count(requestId.get(), id);
  });
  conclude(600);
}

// wrong, not sent: SENT.map((variable) => variable.get()) ~> SENT.map(() => "-")
// wrong, not run: context.run(job, name) ~> job(name)
