// copy_context: a child that runs in a copy sees its parent's value, and cannot change it
// deno run examples/copy_context.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";

const traceId = new ContextVar("trace_id", { default: "none" });

async function child(): Promise<void> {
  await setTimeout(10);
  console.log(`Child sees trace_id: ${traceId.get()}`);
  traceId.set("changed by the child");
}

async function main(): Promise<void> {
  traceId.set("abc-123");
  await copyContext().run(child);
  console.assert(traceId.get() === "abc-123", "what the child sets does not reach its parent");
}

await createTask(main);

// Prints:
// Child sees trace_id: abc-123
