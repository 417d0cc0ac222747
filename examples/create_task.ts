// create_task: a task inherits what its creator had set
// deno run examples/create_task.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, createTask } from "@contextvars/contextvars";

const requestId = new ContextVar<string>("request_id");

async function logRequest(): Promise<void> {
  await setTimeout(10);
  console.log(`Logging request: ${requestId.get()}`);
}

async function handleRequest(id: string): Promise<void> {
  requestId.set(id);
  await createTask(logRequest);
}

await Promise.all([createTask(handleRequest, "req-1"), createTask(handleRequest, "req-2")]);

// Prints:
// Logging request: req-1
// Logging request: req-2
