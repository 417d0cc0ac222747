// deno-lint-ignore-file contextvars/floating-task -- on purpose

import { assertEquals, assertInstanceOf } from "@std/assert";
import { createTask } from "@contextvars/contextvars";
import { deferred, everywhere, inTask, setsEverywhere } from "./harness.ts";

everywhere("createTask() returns a promise of what the function returns", async () => {
  assertInstanceOf(createTask(() => 1), Promise);
  assertEquals(await createTask(() => 1), 1);
  assertEquals(await createTask(() => Promise.resolve(2)), 2);
});

everywhere("createTask() starts at once", () => {
  const steps = ["before"];
  createTask(() => steps.push("task"));
  steps.push("after");
  assertEquals(steps, ["before", "task", "after"]);
});

everywhere("createTask() rejects with what the function throws, Error or not", async () => {
  const fail = () => {
    throw "text";
  };
  assertEquals(await createTask(fail).catch((reason) => reason), "text");
});

setsEverywhere("createTask() inherits what is set at its start", async ({ user }) => {
  user.set("first");
  const one = createTask(() => user.get());
  user.set("second");
  const two = createTask(() => user.get());
  assertEquals(await Promise.all([one, two]), ["first", "second"]);
});

setsEverywhere("createTask() does not see what its creator sets later", async ({ user }) => {
  user.set("first");
  const { promise, resolve } = deferred<void>();
  const task = createTask(() => promise.then(() => user.get()));
  user.set("second");
  resolve();
  assertEquals(await task, "first");
});

everywhere("createTask() keeps siblings and parent apart under Promise.all", async ({ user }) => {
  const work = async (name: string): Promise<string[]> => {
    const seen = [user.get()];
    user.set(name);
    await Promise.resolve();
    seen.push(user.get());
    user.set(`${name} again`);
    await Promise.resolve();
    return [...seen, user.get()];
  };
  const seen = await Promise.all([createTask(work, "alice"), createTask(work, "bob")]);
  assertEquals(seen, [["nobody", "alice", "alice again"], ["nobody", "bob", "bob again"]]);
  assertEquals(user.get(), "nobody");
});

inTask("createTask() is needed: Promise.all alone makes no contexts", async ({ user }) => {
  const work = async (name: string): Promise<string> => {
    user.set(name);
    await Promise.resolve();
    return user.get();
  };
  assertEquals(await Promise.all([work("alice"), work("bob")]), ["bob", "bob"]);
  assertEquals(user.get(), "bob");
});

everywhere("createTask() calls a lazy thenable inside the task", async ({ user }) => {
  // A query builder that starts when it is awaited.
  const query: PromiseLike<string> = {
    then: (resolve) => Promise.resolve(user.get()).then(resolve),
  };
  const load = () => {
    user.set("alice");
    return query;
  };
  assertEquals(await createTask(load), "alice");
});
