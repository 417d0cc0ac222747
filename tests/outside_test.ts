/** What holds outside any task, where no context is shared. */

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { AsyncLocalStorage } from "node:async_hooks";
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  currentContext,
  RuntimeError,
} from "@contextvars/contextvars";
import { outside, test } from "./helpers.ts";

outside("ContextVar.set() outside any task reaches the code that follows", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  user.set("alice");
  await Promise.resolve();
  assertEquals(user.get(), "alice");
});

outside("ContextVar.set() outside any task reaches what is started afterwards", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  user.set("alice");
  assertEquals(await createTask(() => user.get()), "alice");
  assertEquals(await Promise.resolve().then(() => user.get()), "alice");
});

outside("ContextVar.set() outside any task does not reach code under way", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  const { promise, resolve } = Promise.withResolvers<void>();
  const underWay = promise.then(() => user.get());
  user.set("alice");
  resolve();
  assertEquals(await underWay, "nobody");
});

outside(
  "ContextVar.set() outside any task, after a helper's await, misses its awaiter",
  async () => {
    const user = new ContextVar("user", { default: "nobody" });
    const helper = async (): Promise<string> => {
      await Promise.resolve();
      user.set("alice");
      return user.get();
    };
    assertEquals(await helper(), "alice");
    assertEquals(user.get(), "nobody");
  },
);

outside(
  "ContextVar.set() outside any task, before a helper's await, reaches its caller",
  async () => {
    const user = new ContextVar("user", { default: "nobody" });
    const helper = async (): Promise<void> => {
      user.set("alice");
      await Promise.resolve();
    };
    const pending = helper();
    assertEquals(user.get(), "alice");
    await pending;
  },
);

outside("ContextVar.set() outside any task changes no context", () => {
  const user = new ContextVar<string>("user");
  const before = currentContext();
  const copy = copyContext();
  user.set("alice");
  assertEquals([before.has(user), copy.has(user), currentContext().has(user)], [
    false,
    false,
    true,
  ]);
});

outside("ContextVar.set() outside any task ends with another storage's run", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const storage = new AsyncLocalStorage<string>();
  storage.run("other", () => {
    user.set("alice");
    assertEquals(user.get(), "alice");
  });
  assertEquals(user.get(), "nobody");
});

outside("ContextVar.set() in a task does not reach outside", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  await createTask(async () => {
    user.set("alice");
    await Promise.resolve();
    user.set("bob");
  });
  assertEquals(user.get(), "nobody");
});

test("ContextVar.set() in another storage's run reaches the rest of the task", () => {
  const user = new ContextVar("user", { default: "nobody" });
  new AsyncLocalStorage<string>().run("other", () => user.set("alice"));
  assertEquals(user.get(), "alice");
});

outside("ContextVar.reset() outside any task leaves the other variables as they are", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const role = new ContextVar("role", { default: "none" });
  user.set("alice");
  role.reset(role.set("admin"));
  assertEquals([user.get(), role.get()], ["alice", "none"]);
});

outside("ContextVar.reset() by a token of another flow changes this flow only", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  const { promise: made, resolve: setMade } = Promise.withResolvers<void>();
  const { promise: reset, resolve: setReset } = Promise.withResolvers<void>();
  const flow = async () => {
    await Promise.resolve();
    const token = user.set("alice");
    setMade();
    await reset;
    assertEquals(user.get(), "alice");
    return token;
  };
  const other = async (tokens: Promise<unknown>) => {
    await made;
    user.set("bob");
    setReset();
    return await tokens;
  };
  const flowing = flow();
  await other(flowing);
  const token = await flowing;
  user.set("carol");
  user.reset(token);
  assertEquals(user.get(), "nobody");
});

outside("currentContext() outside any task never changes afterwards", () => {
  const user = new ContextVar<string>("user");
  user.set("alice");
  const context = currentContext();
  user.set("bob");
  assertEquals(context.get(user), "alice");
  assert(currentContext() !== context);
});

outside("currentContext() outside any task is the same object until something is set", () => {
  assertStrictEquals(currentContext(), currentContext());
});

outside("currentContext() outside any task cannot be run, and says what to do", () => {
  const context = currentContext();
  assertThrows(
    () => context.run(() => {}),
    RuntimeError,
    "cannot enter context: <Context of size 0> was taken outside any task; " +
      "run a copy of it: context.copy().run(fn)",
  );
  assertEquals(context.copy().run(() => "a copy"), "a copy");
});

outside("currentContext() taken outside any task cannot be run inside one", () => {
  const context = currentContext();
  new Context().run(() => {
    assertThrows(() => context.run(() => {}), RuntimeError, "was taken outside any task");
  });
});

outside("currentContext() taken outside any task cannot be run once another is current", () => {
  const context = currentContext();
  new ContextVar<string>("user").set("alice");
  assertThrows(() => context.run(() => {}), RuntimeError, "was taken outside any task");
});

outside("createTask() starts from what is set outside", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  user.set("alice");
  const read = () => createTask(() => user.get());
  const task = read();
  user.set("bob");
  assertEquals([await task, await read()], ["alice", "bob"]);
});
