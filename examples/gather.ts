// gather: two handlers side by side; what they await reads each handler's own request id
// deno run examples/gather.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, createTask } from "@contextvars/contextvars";

const requestId = new ContextVar("request_id", { default: "none" });

async function fetchData(): Promise<void> {
  console.log(`Fetching data for ${requestId.get()}`);
  await setTimeout(100);
}

async function handleRequest(id: string): Promise<void> {
  const token = requestId.set(id);
  try {
    await fetchData();
    await fetchData();
  } finally {
    requestId.reset(token);
  }
}

// asyncio.gather() makes tasks of its coroutines; Promise.all() does not, createTask() does.
await Promise.all([createTask(handleRequest, "req-123"), createTask(handleRequest, "req-456")]);

// Prints:
// Fetching data for req-123
// Fetching data for req-456
// Fetching data for req-123
// Fetching data for req-456
