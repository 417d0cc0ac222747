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
import {
  deferred,
  inTask,
  LACKS_ENTER_WITH,
  NEEDS_ENTER_WITH,
  outsideTasks,
  setsOutside,
} from "./harness.ts";

Deno.test("ContextVar.set() outside any task reaches the code that follows", () =>
  setsOutside(async () => {
    const user = new ContextVar("user", { default: "nobody" });
    user.set("alice");
    await Promise.resolve();
    assertEquals(user.get(), "alice");
  }));

Deno.test("ContextVar.set() outside any task reaches what is started afterwards", () =>
  setsOutside(async () => {
    const user = new ContextVar("user", { default: "nobody" });
    user.set("alice");
    assertEquals(await createTask(() => user.get()), "alice");
    assertEquals(await Promise.resolve().then(() => user.get()), "alice");
  }));

Deno.test("ContextVar.set() outside any task does not reach code under way", () =>
  setsOutside(async () => {
    const user = new ContextVar("user", { default: "nobody" });
    const { promise, resolve } = deferred<void>();
    const underWay = promise.then(() => user.get());
    user.set("alice");
    resolve();
    assertEquals(await underWay, "nobody");
  }));

Deno.test(
  "ContextVar.set() outside any task, after a helper's await, misses its awaiter",
  () =>
    setsOutside(async () => {
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
  NEEDS_ENTER_WITH,
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
  setsOutside(() => {
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

Deno.test("ContextVar.set() outside any task lasts in another storage's run until that returns", () =>
  setsOutside(async () => {
    const user = new ContextVar("user", { default: "nobody" });
    await new AsyncLocalStorage<string>().run("other", async () => {
      user.set("alice");
      await Promise.resolve();
      assertEquals(user.get(), "alice");
    });
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
  setsOutside(() => {
    const user = new ContextVar("user", { default: "nobody" });
    const role = new ContextVar("role", { default: "none" });
    user.set("alice");
    role.reset(role.set("admin"));
    assertEquals([user.get(), role.get()], ["alice", "none"]);
  }));

Deno.test(
  "ContextVar.reset() outside any task gives the old value, also by a token of another flow",
  NEEDS_ENTER_WITH,
  () =>
    outsideTasks(async () => {
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
    }),
);

Deno.test(
  "ContextVar.reset() outside any task takes the value back from the helper's caller",
  NEEDS_ENTER_WITH,
  () =>
    outsideTasks(async () => {
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
    }),
);

Deno.test("Token[Symbol.dispose]() outside any task takes the value back from the helper's caller", () =>
  setsOutside(async () => {
    const role = new ContextVar("role", { default: "user" });
    const asAdmin = async () => {
      using _token = role.set("admin");
      await Promise.resolve();
    };
    await asAdmin();
    assertEquals(role.get(), "user");
  }));

Deno.test("ContextVar.reset() outside any task takes the value back after sets of other variables", () =>
  setsOutside(async () => {
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
  }));

Deno.test("ContextVar.reset() outside any task takes the value back from every other flow", () =>
  setsOutside(() => {
    const role = new ContextVar("role", { default: "user" });
    role.set("guest");
    const token = role.set("admin");
    const inOtherFlow = AsyncLocalStorage.snapshot();
    role.reset(token);
    assertEquals(inOtherFlow(() => role.get()), "guest");
  }));

Deno.test("ContextVar.reset() outside any task leaves the value to a task that has copied it", () =>
  setsOutside(async () => {
    const role = new ContextVar("role", { default: "user" });
    const token = role.set("admin");
    const copy = copyContext();
    const task = createTask(async () => {
      await Promise.resolve();
      return role.get();
    });
    role.reset(token);
    assertEquals([await task, copy.get(role)], ["admin", "admin"]);
  }));

Deno.test("ContextVar.reset() outside any task gives the old value in any order of tokens", () =>
  setsOutside(() => {
    const role = new ContextVar("role", { default: "user" });
    const first = role.set("guest");
    const second = role.set("admin");
    role.reset(first);
    assertEquals(role.get(), "user");
    role.reset(second);
    assertEquals(role.get(), "guest");
  }));

Deno.test("ContextVar.reset() outside any task, of a later token, does not bring a lost value back elsewhere", () =>
  setsOutside(() => {
    const role = new ContextVar("role", { default: "user" });
    const first = role.set("guest");
    const second = role.set("admin");
    const inOtherFlow = AsyncLocalStorage.snapshot();
    role.reset(first);
    assertEquals(inOtherFlow(() => role.get()), "admin");
    role.reset(second);
    assertEquals(inOtherFlow(() => role.get()), "user");
  }));

Deno.test("ContextVar.reset() outside any task brings back a value that can still be taken back", () =>
  setsOutside(() => {
    const role = new ContextVar("role", { default: "user" });
    const first = role.set("guest");
    role.reset(role.set("admin"));
    const inOtherFlow = AsyncLocalStorage.snapshot();
    role.reset(first);
    assertEquals(inOtherFlow(() => role.get()), "user");
  }));

Deno.test("ContextVar.reset() outside any task, back to nothing, leaves nothing to list", () =>
  setsOutside(() => {
    const role = new ContextVar<string>("role");
    const token = role.set("admin");
    const inOtherFlow = AsyncLocalStorage.snapshot();
    role.reset(token);
    const listed = () => [currentContext().has(role), [...currentContext().keys()].includes(role)];
    assertEquals([listed(), inOtherFlow(listed)], [[false, false], [false, false]]);
  }));

Deno.test("ContextVar.get() outside any task makes a new value once the stored one is gone", () =>
  setsOutside(() => {
    const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
    const made = log.get();
    const token = log.set(["admin"]);
    log.reset(token);
    assertStrictEquals(log.get(), made);
  }));

Deno.test("currentContext() outside any task never changes afterwards", () =>
  setsOutside(() => {
    const user = new ContextVar<string>("user");
    user.set("alice");
    const context = currentContext();
    user.set("bob");
    assertEquals(context.get(user), "alice");
    assert(currentContext() !== context);
  }));

Deno.test("currentContext() outside any task shows its moment also after a reset", () =>
  setsOutside(() => {
    const user = new ContextVar<string>("user");
    const token = user.set("alice");
    const context = currentContext();
    const inOtherFlow = AsyncLocalStorage.snapshot();
    user.reset(token);
    assertEquals(inOtherFlow(() => currentContext().has(user)), false);
    assertEquals(context.get(user), "alice");
  }));

Deno.test("currentContext() outside any task is the same object until something is set", () =>
  outsideTasks(() => {
    assertStrictEquals(currentContext(), currentContext());
  }));

Deno.test("currentContext() outside any task is the same object after a reset of what it lacks", () =>
  setsOutside(() => {
    new ContextVar<string>("user").set("alice");
    const context = currentContext();
    const inThisFlow = AsyncLocalStorage.snapshot();
    const role = new ContextVar<string>("role");
    role.reset(role.set("admin"));
    assertStrictEquals(inThisFlow(currentContext), context);
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
      assertThrows(() => context.run(() => {}), RuntimeError);
    });
  }));

Deno.test("currentContext() taken outside any task cannot be run once another is current", () =>
  setsOutside(() => {
    const context = currentContext();
    new ContextVar<string>("user").set("alice");
    assertThrows(() => context.run(() => {}), RuntimeError);
  }));

Deno.test("createTask() starts from what is set outside", () =>
  setsOutside(async () => {
    const user = new ContextVar("user", { default: "nobody" });
    user.set("alice");
    const read = () => createTask(() => user.get());
    const task = read();
    user.set("bob");
    assertEquals([await task, await read()], ["alice", "bob"]);
  }));

Deno.test(
  "ContextVar.get() outside any task stores no made default without enterWith",
  LACKS_ENTER_WITH,
  () =>
    outsideTasks(() => {
      let made = 0;
      const log = new ContextVar("log", { defaultFactory: () => ++made });
      assertEquals([log.get(), log.get()], [1, 2]);
      assertEquals(currentContext().has(log), false);
    }),
);
