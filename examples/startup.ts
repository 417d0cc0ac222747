// startup: a value for the whole program: a default, or a main task; not a set after an await
// deno run examples/startup.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, createTask } from "@contextvars/contextvars";

interface Config {
  readonly region: string;
}

async function loadConfig(): Promise<Config> {
  await setTimeout(10);
  return { region: "eu" };
}

// Wrong: after its await, init() is not its caller any more. Outside tasks, nobody sees the set.
const lost = new ContextVar<Config | null>("lost", { default: null });

async function init(): Promise<void> {
  lost.set(await loadConfig());
}

// deno-lint-ignore contextvars/outside-task -- on purpose
await init();
console.log("Set by init():", lost.get());

// Right: what all tasks need is a default.
const config = new ContextVar("config", { default: await loadConfig() });

console.log("By default:", config.get());

// Right: in a main task a helper sets for its awaiter, and all tasks inherit.
const started = new ContextVar<Config>("started");

async function main(): Promise<void> {
  await start();
  console.log("In a main task:", started.get());
  await createTask(() => console.log("In a task of it:", started.get()));
}

async function start(): Promise<void> {
  started.set(await loadConfig());
}

await createTask(main);

// Prints:
// Set by init(): null
// By default: { region: "eu" }
// In a main task: { region: "eu" }
// In a task of it: { region: "eu" }
