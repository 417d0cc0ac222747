// basics: a value follows plain and async calls, and a copied context has its own
// deno run examples/basics.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";

const userId = new ContextVar<number | null>("user_id", { default: null });

function syncFunction(): void {
  console.log(`User ID in sync function: ${userId.get()}`);
}

async function asyncFunction(): Promise<void> {
  console.log(`User ID in async function: ${userId.get()}`);
  await setTimeout(10);
}

async function main(): Promise<void> {
  userId.set(42);
  console.log(`User ID in main: ${userId.get()}`);
  syncFunction();
  await asyncFunction();

  const context = copyContext();
  context.run((id: number) => userId.set(id), 100);
  context.run(() => console.log(`User ID in new context: ${userId.get()}`));
  console.log(`User ID after new context: ${userId.get()}`);
}

await createTask(main);

// Prints:
// User ID in main: 42
// User ID in sync function: 42
// User ID in async function: 42
// User ID in new context: 100
// User ID after new context: 42
