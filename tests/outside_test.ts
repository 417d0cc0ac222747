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
import { deferred, inTask, NEEDS_ENTER_WITH, outsideTasks, setsOutside } from "./harness.ts";

setsOutside("ContextVar.set() outside any task reaches the code that follows", async ({ user }) => {
  user.set("alice");
  await Promise.resolve();
  assertEquals(user.get(), "alice");
});

setsOutside("ContextVar.set() outside any task reaches what starts later", async ({ user }) => {
  user.set("alice");
  assertEquals(await createTask(() => user.get()), "alice");
  assertEquals(await Promise.resolve().then(() => user.get()), "alice");
});

setsOutside("ContextVar.set() outside any task does not reach code under way", async ({ user }) => {
  const { promise, resolve } = deferred<void>();
  const underWay = promise.then(() => user.get());
  user.set("alice");
  resolve();
  assertEquals(await underWay, "nobody");
});

setsOutside("ContextVar.set() outside, after an await, misses the awaiter", async ({ user }) => {
  const helper = async (): Promise<string> => {
    await Promise.resolve();
    user.set("alice");
    return user.get();
  };
  assertEquals(await helper(), "alice");
  assertEquals(user.get(), "nobody");
});

outsideTasks(
  "ContextVar.set() outside, before an await, reaches the caller",
  NEEDS_ENTER_WITH,
  async ({ user }) => {
    const helper = async (): Promise<void> => {
      user.set("alice");
      await Promise.resolve();
    };
    const pending = helper();
    assertEquals(user.get(), "alice");
    await pending;
  },
);

setsOutside("ContextVar.set() outside any task changes no context", ({ user }) => {
  const before = currentContext();
  const copy = copyContext();
  user.set("alice");
  assertEquals([before.has(user), copy.has(user), currentContext().has(user)], [
    false,
    false,
    true,
  ]);
});

setsOutside("ContextVar.set() outside lasts within another storage's run", async ({ user }) => {
  await new AsyncLocalStorage<string>().run("other", async () => {
    user.set("alice");
    await Promise.resolve();
    assertEquals(user.get(), "alice");
  });
});

inTask("ContextVar.set() in another storage's run reaches the rest of the task", ({ user }) => {
  new AsyncLocalStorage<string>().run("other", () => user.set("alice"));
  assertEquals(user.get(), "alice");
});

outsideTasks(
  "ContextVar.reset() outside takes another flow's token",
  NEEDS_ENTER_WITH,
  async ({ user }) => {
    const { promise: made, resolve: setMade } = deferred<void>();
    const { promise: reset, resolve: setReset } = deferred<void>();
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
  },
);

outsideTasks(
  "ContextVar.reset() outside takes it back from the caller",
  NEEDS_ENTER_WITH,
  async ({ role }) => {
    const asAdmin = async () => {
      const token = role.set("admin");
      await Promise.resolve();
      assertEquals(role.get(), "admin");
      role.reset(token);
      assertEquals(role.get(), "user");
    };
    const pending = asAdmin();
    assertEquals(role.get(), "admin");
    await pending;
    assertEquals(role.get(), "user");
    assertEquals(await createTask(() => role.get()), "user");
  },
);

setsOutside("Token[Symbol.dispose]() outside takes it back from the caller", async ({ role }) => {
  const asAdmin = async () => {
    using _token = role.set("admin");
    await Promise.resolve();
  };
  await asAdmin();
  assertEquals(role.get(), "user");
});

setsOutside("ContextVar.reset() outside works after sets of other variables", async ({ user }) => {
  const role = new ContextVar("role", { default: "user" });
  const asAdmin = async () => {
    const token = role.set("admin");
    user.set("alice");
    await Promise.resolve();
    role.reset(token);
  };
  const pending = asAdmin();
  user.set("bob");
  await pending;
  assertEquals([role.get(), user.get()], ["user", "bob"]);
});

setsOutside("ContextVar.reset() outside takes it back from every other flow", ({ role }) => {
  role.set("guest");
  const token = role.set("admin");
  const inOtherFlow = AsyncLocalStorage.snapshot();
  role.reset(token);
  assertEquals(inOtherFlow(() => role.get()), "guest");
});

setsOutside("ContextVar.reset() outside holds where the next read overflows the stack", () => {
  const role = new ContextVar("role", { default: "user" });
  const token = role.set("admin");
  const inOtherFlow = AsyncLocalStorage.snapshot();
  role.reset(token);
  const readDeep = (): string => {
    try {
      return readDeep();
    } catch {
      return role.get() + copyContext().size;
    }
  };
  inOtherFlow(readDeep);
  assertEquals(inOtherFlow(() => [role.get(), copyContext().has(role)]), ["user", false]);
});

setsOutside("ContextVar.reset() outside leaves the value to a task that has it", async () => {
  const role = new ContextVar("role", { default: "user" });
  const token = role.set("admin");
  const copy = copyContext();
  const task = createTask(async () => {
    await Promise.resolve();
    return role.get();
  });
  role.reset(token);
  assertEquals([await task, copy.get(role)], ["admin", "admin"]);
});

setsOutside("ContextVar.reset() outside brings no lost value back elsewhere", ({ role }) => {
  const first = role.set("guest");
  const second = role.set("admin");
  const inOtherFlow = AsyncLocalStorage.snapshot();
  role.reset(first);
  assertEquals(inOtherFlow(() => role.get()), "admin");
  role.reset(second);
  assertEquals(inOtherFlow(() => role.get()), "user");
});

setsOutside("ContextVar.reset() outside brings back what can be taken back", ({ role }) => {
  const first = role.set("guest");
  role.reset(role.set("admin"));
  const inOtherFlow = AsyncLocalStorage.snapshot();
  role.reset(first);
  assertEquals(inOtherFlow(() => role.get()), "user");
});

setsOutside("Token.oldValue outside any task is what stands in the place of a lost value", () => {
  const role = new ContextVar<string>("role");
  role.set("guest");
  const token = role.set("admin");
  const inOtherFlow = AsyncLocalStorage.snapshot();
  role.reset(token);
  inOtherFlow(() => {
    const later = role.set("root");
    assertEquals(later.oldValue, "guest");
    role.reset(later);
    assertEquals(role.get(), "guest");
  });
});

setsOutside("ContextVar.reset() outside any task, back to nothing, leaves nothing to list", () => {
  const role = new ContextVar<string>("role");
  const token = role.set("admin");
  const inOtherFlow = AsyncLocalStorage.snapshot();
  role.reset(token);
  const listed = () => [currentContext().has(role), [...currentContext().keys()].includes(role)];
  assertEquals([listed(), inOtherFlow(listed)], [[false, false], [false, false]]);
});

setsOutside("currentContext() outside any task never changes afterwards", ({ user }) => {
  user.set("alice");
  const context = currentContext();
  user.set("bob");
  assertEquals(context.get(user), "alice");
  assert(currentContext() !== context);
});

setsOutside("currentContext() outside any task shows its moment also after a reset", ({ user }) => {
  const token = user.set("alice");
  const context = currentContext();
  const inOtherFlow = AsyncLocalStorage.snapshot();
  user.reset(token);
  assertEquals(inOtherFlow(() => currentContext().has(user)), false);
  assertEquals(context.get(user), "alice");
});

outsideTasks("currentContext() outside any task is the same object until something is set", () => {
  assertStrictEquals(currentContext(), currentContext());
});

setsOutside("currentContext() outside stays the same after a reset of what it lacks", () => {
  new ContextVar<string>("user").set("alice");
  const context = currentContext();
  const inThisFlow = AsyncLocalStorage.snapshot();
  const role = new ContextVar<string>("role");
  role.reset(role.set("admin"));
  assertStrictEquals(inThisFlow(currentContext), context);
});

outsideTasks("currentContext() outside any task cannot be run, and says what to do", () => {
  const context = currentContext();
  assertThrows(
    () => context.run(() => {}),
    RuntimeError,
    "cannot enter context: <Context of size 0> was taken outside any task; " +
      "run a copy of it: context.copy().run(fn)",
  );
  assertEquals(context.copy().run(() => "a copy"), "a copy");
});

outsideTasks("currentContext() taken outside any task cannot be run inside one", () => {
  const context = currentContext();
  new Context().run(() => {
    assertThrows(() => context.run(() => {}), RuntimeError);
  });
});
