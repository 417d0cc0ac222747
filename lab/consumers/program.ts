/** What a consumer of the package might write: a job queue, whose log lines name their job. */

import { type Context, ContextVar, copyContext, createTask } from "@contextvars/contextvars";

const job = new ContextVar("job", { default: "none" });
const tags = new ContextVar("tags", { defaultFactory: (): string[] => [] });

function log(line: string): void {
  console.log(`[${job.get()}] ${line}`);
}

async function work(name: string): Promise<string> {
  job.set(name);
  await Promise.resolve();
  tags.get().push(name);
  {
    using _token = job.set(`${name}, retried`);
    await Promise.resolve();
    tags.get().push(job.get());
  }
  return `${job.get()}: ${tags.get().join("; ")}`;
}

const done = new EventTarget();
const context: Context = job.run("listener", copyContext);
done.addEventListener("done", context.bind(() => log("done")));

const results = await Promise.all([createTask(work, "first"), createTask(work, "second")]);
for (const result of results) log(result);
done.dispatchEvent(new Event("done"));
