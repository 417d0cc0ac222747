// quickstart: two requests at once, each with its own current user
// deno run examples/quickstart.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, createTask } from "@contextvars/contextvars";

const currentUser = new ContextVar("current_user", { default: "Guest" });

async function handleRequest(name: string): Promise<void> {
  const token = currentUser.set(name);
  try {
    console.log(`Task for ${name}: Currently handled by ${currentUser.get()}`);
    await setTimeout(100); // the other request runs in between
    console.log(`Task for ${name}: Still handled by ${currentUser.get()}`);
  } finally {
    currentUser.reset(token);
  }
}

async function main(): Promise<void> {
  console.log(`Before tasks: ${currentUser.get()}`);
  await Promise.all([createTask(handleRequest, "Alice"), createTask(handleRequest, "Bob")]);
  console.log(`After tasks: ${currentUser.get()}`);
}

await createTask(main);

// Prints:
// Before tasks: Guest
// Task for Alice: Currently handled by Alice
// Task for Bob: Currently handled by Bob
// Task for Alice: Still handled by Alice
// Task for Bob: Still handled by Bob
// After tasks: Guest
