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
import { inTask, outsideTasks } from "./harness.ts";

Deno.test("ContextVar.set() outside any task reaches the code that follows", () =>
  outsideTasks(async () => {
    const user = new ContextVar("user", { default: "nobody" });
    user.set("alice");
    await Promise.resolve();
    assertEquals(user.get(), "alice");
  }));

Deno.test("ContextVar.set() outside any task reaches what is started afterwards", () =>
  outsideTasks(async () => {
    const user = new ContextVar("user", { default: "nobody" });
    user.set("alice");
    assertEquals(await createTask(() => user.get()), "alice");
    assertEquals(await Promise.resolve().then(() => user.get()), "alice");
  }));

Deno.test("ContextVar.set() outside any task does not reach code under way", () =>
  outsideTasks(async () => {
    const user = new ContextVar("user", { default: "nobody" });
    const { promise, resolve } = Promise.withResolvers<void>();
    const underWay = promise.then(() => user.get());
    user.set("alice");
    resolve();
    assertEquals(await underWay, "nobody");
  }));

Deno.test(
  "ContextVar.set() outside any task, after a helper's await, misses its awaiter",
  () =>
    outsideTasks(async () => {
      const user = new ContextVar("user", { default: "nobody" });
      const helper = async (): Promise<string> => {
        await Promise.resolve();
        user.set("alice");
        return user.get();
      };
      assertEquals(await helper(), "alice");
      assertEquals(user.get(), "nobody");
    }),
);

Deno.test(
  "ContextVar.set() outside any task, before a helper's await, reaches its caller",
  () =>
    outsideTasks(async () => {
      const user = new ContextVar("user", { default: "nobody" });
      const helper = async (): Promise<void> => {
        user.set("alice");
        await Promise.resolve();
      };
      const pending = helper();
      assertEquals(user.get(), "alice");
      await pending;
    }),
);

Deno.test("ContextVar.set() outside any task changes no context", () =>
  outsideTasks(() => {
    const user = new ContextVar<string>("user");
    const before = currentContext();
    const copy = copyContext();
    user.set("alice");
    assertEquals([before.has(user), copy.has(user), currentContext().has(user)], [
      false,
      false,
      true,
    ]);
  }));

Deno.test("ContextVar.set() outside any task ends with another storage's run", () =>
  outsideTasks(() => {
    const user = new ContextVar("user", { default: "nobody" });
    const storage = new AsyncLocalStorage<string>();
    storage.run("other", () => {
      user.set("alice");
      assertEquals(user.get(), "alice");
    });
    assertEquals(user.get(), "nobody");
  }));

Deno.test("ContextVar.set() in a task does not reach outside", () =>
  outsideTasks(async () => {
    const user = new ContextVar("user", { default: "nobody" });
    await createTask(async () => {
      user.set("alice");
      await Promise.resolve();
      user.set("bob");
    });
    assertEquals(user.get(), "nobody");
  }));

Deno.test("ContextVar.set() in another storage's run reaches the rest of the task", () =>
  inTask(() => {
    const user = new ContextVar("user", { default: "nobody" });
    new AsyncLocalStorage<string>().run("other", () => user.set("alice"));
    assertEquals(user.get(), "alice");
  }));

Deno.test("ContextVar.reset() outside any task leaves the other variables as they are", () =>
  outsideTasks(() => {
    const user = new ContextVar("user", { default: "nobody" });
    const role = new ContextVar("role", { default: "none" });
    user.set("alice");
    role.reset(role.set("admin"));
    assertEquals([user.get(), role.get()], ["alice", "none"]);
  }));

Deno.test("ContextVar.reset() by a token of another flow changes this flow only", () =>
  outsideTasks(async () => {
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
  }));

Deno.test("currentContext() outside any task never changes afterwards", () =>
  outsideTasks(() => {
    const user = new ContextVar<string>("user");
    user.set("alice");
    const context = currentContext();
    user.set("bob");
    assertEquals(context.get(user), "alice");
    assert(currentContext() !== context);
  }));

Deno.test("currentContext() outside any task is the same object until something is set", () =>
  outsideTasks(() => {
    assertStrictEquals(currentContext(), currentContext());
  }));

Deno.test("currentContext() outside any task cannot be run, and says what to do", () =>
  outsideTasks(() => {
    const context = currentContext();
    assertThrows(
      () => context.run(() => {}),
      RuntimeError,
      "cannot enter context: <Context of size 0> was taken outside any task; " +
        "run a copy of it: context.copy().run(fn)",
    );
    assertEquals(context.copy().run(() => "a copy"), "a copy");
  }));

Deno.test("currentContext() taken outside any task cannot be run inside one", () =>
  outsideTasks(() => {
    const context = currentContext();
    new Context().run(() => {
      assertThrows(() => context.run(() => {}), RuntimeError, "was taken outside any task");
    });
  }));

Deno.test("currentContext() taken outside any task cannot be run once another is current", () =>
  outsideTasks(() => {
    const context = currentContext();
    new ContextVar<string>("user").set("alice");
    assertThrows(() => context.run(() => {}), RuntimeError, "was taken outside any task");
  }));

Deno.test("createTask() starts from what is set outside", () =>
  outsideTasks(async () => {
    const user = new ContextVar("user", { default: "nobody" });
    user.set("alice");
    const read = () => createTask(() => user.get());
    const task = read();
    user.set("bob");
    assertEquals([await task, await read()], ["alice", "bob"]);
  }));
