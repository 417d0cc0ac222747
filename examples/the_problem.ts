// the problem: a module-level variable mixes up two requests; a context variable does not
// deno run examples/the_problem.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, createTask } from "@contextvars/contextvars";

let moduleUser = "nobody";
const contextUser = new ContextVar("user", { default: "nobody" });

async function handleWithModuleVariable(name: string): Promise<void> {
  moduleUser = name;
  await setTimeout(10);
  console.log(`Module variable: request of ${name} runs as ${moduleUser}`);
}

async function handleWithContextVariable(name: string): Promise<void> {
  contextUser.set(name);
  await setTimeout(10);
  console.log(`Context variable: request of ${name} runs as ${contextUser.get()}`);
}

await Promise.all([handleWithModuleVariable("Alice"), handleWithModuleVariable("Bob")]);
await Promise.all([
  createTask(handleWithContextVariable, "Alice"),
  createTask(handleWithContextVariable, "Bob"),
]);

// Prints:
// Module variable: request of Alice runs as Bob
// Module variable: request of Bob runs as Bob
// Context variable: request of Alice runs as Alice
// Context variable: request of Bob runs as Bob
