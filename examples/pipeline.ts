// pipeline: stages, made of async generators, that read the id of their run
// deno run examples/pipeline.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, createTask } from "@contextvars/contextvars";

const runId = new ContextVar<string>("run_id");

async function* extract(rows: readonly number[]): AsyncGenerator<number> {
  for (const row of rows) {
    await setTimeout(10);
    yield row;
  }
}

async function* transform(rows: AsyncIterable<number>): AsyncGenerator<string> {
  for await (const row of rows) yield `row ${row} of ${runId.get()}`;
}

async function load(rows: AsyncIterable<string>): Promise<void> {
  for await (const row of rows) console.log(`${runId.get()}: loaded ${row}`);
}

async function run(id: string, rows: readonly number[]): Promise<void> {
  runId.set(id);
  await load(transform(extract(rows)));
}

await Promise.all([createTask(run, "run-1", [1, 2]), createTask(run, "run-2", [3, 4])]);

// Prints:
// run-1: loaded row 1 of run-1
// run-2: loaded row 3 of run-2
// run-1: loaded row 2 of run-1
// run-2: loaded row 4 of run-2
