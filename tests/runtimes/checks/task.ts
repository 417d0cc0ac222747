/** `createTask`: concurrent work, and what awaited helpers share. */

import assert from "node:assert/strict";
import { ContextVar, createTask } from "@contextvars/contextvars";
import { check, checkOutside, errorOf } from "../check.ts";

checkOutside("createTask() gives each of many tasks under Promise.all its own values", async () => {
  const user = new ContextVar("user", { default: -1 });
  const work = async (id: number) => {
    user.set(id);
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, id % 3));
    return user.get();
  };
  const ids = Array.from({ length: 100 }, (_, id) => id);
  assert.deepEqual(await Promise.all(ids.map((id) => createTask(work, id))), ids);
  assert.equal(user.get(), -1);
});

check("createTask() starts at once, in a copy of the context as it is then", async () => {
  const user = new ContextVar<string>("user");
  user.set("alice");
  let started = "not yet";
  const task = createTask(async () => {
    started = user.get();
    await Promise.resolve();
    return user.get();
  });
  assert.equal(started, "alice");
  user.set("bob");
  assert.equal(await task, "alice");
});

checkOutside("createTask() passes arguments, and undefined as this", async () => {
  function work(this: unknown, ...args: number[]): unknown[] {
    return [this, ...args];
  }
  assert.deepEqual(await createTask(work, 1, 2), [undefined, 1, 2]);
});

checkOutside("createTask() rejects with what the function throws", async () => {
  const failure = new Error("from the function");
  const fail = () => {
    throw failure;
  };
  await assert.rejects(createTask(fail), (error) => error === failure);
  await assert.rejects(
    createTask(() => Promise.reject(failure)),
    (error) => error === failure,
  );
});

checkOutside("createTask() refuses what is no function at once", () => {
  assert.throws(
    () => createTask(Promise.resolve() as never),
    errorOf(TypeError, /needs a function/),
  );
});

checkOutside("createTask() calls a returned thenable's then inside the task", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  const task = createTask(() => {
    user.set("alice");
    return { then: (resolve: (name: string) => void) => resolve(user.get()) };
  });
  assert.equal(await task, "alice");
});

check("createTask() makes tasks that make tasks", async () => {
  const path = new ContextVar("path", { default: "" });
  const append = async (name: string) => {
    path.set(path.get() + name);
    await Promise.resolve();
    return path.get();
  };
  const fork = async () => {
    path.set("/");
    const below = await Promise.all([createTask(append, "a"), createTask(append, "b")]);
    return [...below, path.get()];
  };
  assert.deepEqual(await createTask(fork), ["/a", "/b", "/"]);
  assert.equal(path.get(), "");
});

check(
  "ContextVar.set() in an awaited helper is for its awaiter, before and after its await",
  async () => {
    const user = new ContextVar<string>("user");
    const role = new ContextVar<string>("role");
    const authenticate = async () => {
      user.set("alice");
      await Promise.resolve();
      role.set("admin");
    };
    await authenticate();
    assert.deepEqual([user.get(), role.get()], ["alice", "admin"]);
  },
);

check(
  "ContextVar.set() in helpers under Promise.all is for all, since none of them is a task",
  async () => {
    const user = new ContextVar<string>("user");
    const helper = async (name: string) => {
      user.set(name);
      await Promise.resolve();
      return user.get();
    };
    assert.deepEqual(await Promise.all([helper("alice"), helper("bob")]), ["bob", "bob"]);
  },
);
