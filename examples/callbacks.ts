// callbacks: a library that calls back from its own queue runs them in a stranger's context
// deno run examples/callbacks.ts

import { EventEmitter } from "node:events";
import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "nobody" });

/** Collects jobs, and runs them all when a batch is full: in the context of whoever filled it. */
class Batch {
  readonly #jobs: (() => void)[] = [];

  add(job: () => void): void {
    if (this.#jobs.push(job) === 2) this.#jobs.splice(0).forEach((job) => job());
  }
}

async function addJobs(name: string, add: (job: () => void) => void): Promise<void> {
  user.set(name);
  await Promise.resolve();
  add(() => console.log(`Job of ${name} runs as ${user.get()}`));
}

for (const bound of [false, true]) {
  const batch = new Batch();
  const add = (job: () => void) => batch.add(bound ? copyContext().bind(job) : job);
  console.log(bound ? "Bound:" : "Not bound:");
  await Promise.all([createTask(addJobs, "Alice", add), createTask(addJobs, "Bob", add)]);
}

// An event listener, too, runs in the context of whoever emits.
const emitter = new EventEmitter();
await createTask(() => {
  user.set("Alice");
  // deno-lint-ignore contextvars/unbound-listener -- on purpose
  emitter.on("saved", () => console.log(`Listener of Alice runs as ${user.get()}`));
  emitter.on("saved", copyContext().bind(() => console.log(`Bound, it runs as ${user.get()}`)));
});
user.run("Bob", () => emitter.emit("saved"));

// Prints:
// Not bound:
// Job of Alice runs as Bob
// Job of Bob runs as Bob
// Bound:
// Job of Alice runs as Alice
// Job of Bob runs as Bob
// Listener of Alice runs as Bob
// Bound, it runs as Alice
