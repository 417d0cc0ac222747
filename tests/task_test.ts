// deno-lint-ignore-file contextvars/floating-task -- on purpose

import { assertEquals, assertInstanceOf, assertRejects, assertStrictEquals } from "@std/assert";
import { ContextVar, createTask, currentContext } from "@contextvars/contextvars";
import { deferred, everywhere, inTask, setsEverywhere } from "./harness.ts";

everywhere("createTask() returns a promise of what the function returns", async () => {
  assertInstanceOf(createTask(() => 1), Promise);
  assertEquals(await createTask(() => 1), 1);
  assertEquals(await createTask(() => Promise.resolve(2)), 2);
});

everywhere("createTask() passes the arguments", async () => {
  const args = [null, undefined, 3, 4, 5, 6];
  assertEquals(await createTask((...got) => got, ...args), args);
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

everywhere("createTask() rejects with what the function rejects with", async () => {
  const fail = () => Promise.reject(new RangeError("failed"));
  await assertRejects(() => createTask(fail), RangeError, "failed");
});

everywhere("createTask() restores the context when the function throws", async ({ user }) => {
  const before = currentContext();
  const task = createTask(() => {
    user.set("alice");
    throw new RangeError("failed");
  });
  assertStrictEquals(currentContext(), before);
  await assertRejects(() => task, RangeError, "failed");
  assertEquals(user.get(), "nobody");
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

inTask("createTask() nests: each level has its own values", async () => {
  const depth = new ContextVar("depth", { default: 0 });
  const descend = async (to: number): Promise<number[]> => {
    depth.set(depth.get() + 1);
    const below = depth.get() < to ? await createTask(descend, to) : [];
    return [depth.get(), ...below];
  };
  assertEquals(await createTask(descend, 4), [1, 2, 3, 4]);
  assertEquals(depth.get(), 0);
});

everywhere("createTask() gives each of a hundred tasks its own values", async () => {
  const user = new ContextVar("user", { default: -1 });
  const work = async (id: number): Promise<number> => {
    user.set(id);
    await new Promise((resolve) => setTimeout(resolve, id % 3));
    return user.get();
  };
  const ids = Array.from({ length: 100 }, (_, id) => id);
  assertEquals(await Promise.all(ids.map((id) => createTask(work, id))), ids);
  assertEquals(user.get(), -1);
});
