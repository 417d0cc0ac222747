/** What holds outside any task, where no context is shared. */

// deno-lint-ignore-file contextvars/concurrent-set -- on purpose

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

setsOutside("ContextVar.set() outside any task reaches the code that follows", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  user.set("alice");
  await Promise.resolve();
  assertEquals(user.get(), "alice");
});

setsOutside("ContextVar.set() outside any task reaches what is started afterwards", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  user.set("alice");
  assertEquals(await createTask(() => user.get()), "alice");
  assertEquals(await Promise.resolve().then(() => user.get()), "alice");
});

setsOutside("ContextVar.set() outside any task does not reach code under way", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  const { promise, resolve } = deferred<void>();
  const underWay = promise.then(() => user.get());
  user.set("alice");
  resolve();
  assertEquals(await underWay, "nobody");
});

setsOutside(
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

outsideTasks(
  "ContextVar.set() outside any task, before a helper's await, reaches its caller",
  NEEDS_ENTER_WITH,
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

setsOutside("ContextVar.set() outside any task changes no context", () => {
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

setsOutside(
  "ContextVar.set() outside any task lasts in another storage's run until that returns",
  async () => {
    const user = new ContextVar("user", { default: "nobody" });
    await new AsyncLocalStorage<string>().run("other", async () => {
      user.set("alice");
      await Promise.resolve();
      assertEquals(user.get(), "alice");
    });
  },
);

outsideTasks("ContextVar.set() in a task does not reach outside", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  await createTask(async () => {
    user.set("alice");
    await Promise.resolve();
    user.set("bob");
  });
  assertEquals(user.get(), "nobody");
});

inTask("ContextVar.set() in another storage's run reaches the rest of the task", () => {
  const user = new ContextVar("user", { default: "nobody" });
  new AsyncLocalStorage<string>().run("other", () => user.set("alice"));
  assertEquals(user.get(), "alice");
});

setsOutside("ContextVar.reset() outside any task leaves the other variables as they are", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const role = new ContextVar("role", { default: "none" });
  user.set("alice");
  role.reset(role.set("admin"));
  assertEquals([user.get(), role.get()], ["alice", "none"]);
});

outsideTasks(
  "ContextVar.reset() outside any task gives the old value, also by a token of another flow",
  NEEDS_ENTER_WITH,
  async () => {
    const user = new ContextVar("user", { default: "nobody" });
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
  "ContextVar.reset() outside any task takes the value back from the helper's caller",
  NEEDS_ENTER_WITH,
  async () => {
    const role = new ContextVar("role", { default: "user" });
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

setsOutside(
  "Token[Symbol.dispose]() outside any task takes the value back from the helper's caller",
  async () => {
    const role = new ContextVar("role", { default: "user" });
    const asAdmin = async () => {
      using _token = role.set("admin");
      await Promise.resolve();
    };
    await asAdmin();
    assertEquals(role.get(), "user");
  },
);

setsOutside(
  "ContextVar.reset() outside any task takes the value back after sets of other variables",
  async () => {
    const role = new ContextVar("role", { default: "user" });
    const user = new ContextVar("user", { default: "nobody" });
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
  },
);

setsOutside(
  "ContextVar.reset() outside any task takes the value back from every other flow",
  () => {
    const role = new ContextVar("role", { default: "user" });
    role.set("guest");
    const token = role.set("admin");
    const inOtherFlow = AsyncLocalStorage.snapshot();
    role.reset(token);
    assertEquals(inOtherFlow(() => role.get()), "guest");
  },
);

setsOutside(
  "ContextVar.reset() outside any task holds where the first read after it overflows the stack",
  () => {
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
  },
);

setsOutside(
  "ContextVar.reset() outside any task leaves the value to a task that has copied it",
  async () => {
    const role = new ContextVar("role", { default: "user" });
    const token = role.set("admin");
    const copy = copyContext();
    const task = createTask(async () => {
      await Promise.resolve();
      return role.get();
    });
    role.reset(token);
    assertEquals([await task, copy.get(role)], ["admin", "admin"]);
  },
);

setsOutside(
  "ContextVar.reset() outside any task gives the old value in any order of tokens",
  () => {
    const role = new ContextVar("role", { default: "user" });
    const first = role.set("guest");
    const second = role.set("admin");
    role.reset(first);
    assertEquals(role.get(), "user");
    role.reset(second);
    assertEquals(role.get(), "guest");
  },
);

setsOutside(
  "ContextVar.reset() outside any task, of a later token, does not bring a lost value back elsewhere",
  () => {
    const role = new ContextVar("role", { default: "user" });
    const first = role.set("guest");
    const second = role.set("admin");
    const inOtherFlow = AsyncLocalStorage.snapshot();
    role.reset(first);
    assertEquals(inOtherFlow(() => role.get()), "admin");
    role.reset(second);
    assertEquals(inOtherFlow(() => role.get()), "user");
  },
);

setsOutside(
  "ContextVar.reset() outside any task brings back a value that can still be taken back",
  () => {
    const role = new ContextVar("role", { default: "user" });
    const first = role.set("guest");
    role.reset(role.set("admin"));
    const inOtherFlow = AsyncLocalStorage.snapshot();
    role.reset(first);
    assertEquals(inOtherFlow(() => role.get()), "user");
  },
);

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

setsOutside("currentContext() outside any task never changes afterwards", () => {
  const user = new ContextVar<string>("user");
  user.set("alice");
  const context = currentContext();
  user.set("bob");
  assertEquals(context.get(user), "alice");
  assert(currentContext() !== context);
});

setsOutside("currentContext() outside any task shows its moment also after a reset", () => {
  const user = new ContextVar<string>("user");
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

setsOutside(
  "currentContext() outside any task is the same object after a reset of what it lacks",
  () => {
    new ContextVar<string>("user").set("alice");
    const context = currentContext();
    const inThisFlow = AsyncLocalStorage.snapshot();
    const role = new ContextVar<string>("role");
    role.reset(role.set("admin"));
    assertStrictEquals(inThisFlow(currentContext), context);
  },
);

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

setsOutside("currentContext() taken outside any task cannot be run once another is current", () => {
  const context = currentContext();
  new ContextVar<string>("user").set("alice");
  assertThrows(() => context.run(() => {}), RuntimeError);
});

setsOutside("createTask() starts from what is set outside", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  user.set("alice");
  const read = () => createTask(() => user.get());
  const task = read();
  user.set("bob");
  assertEquals([await task, await read()], ["alice", "bob"]);
});
