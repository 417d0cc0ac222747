/** What holds outside any task: with `enterWith`, and on Cloudflare Workers, which have none. */

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  currentContext,
  RuntimeError,
  type Token,
  ValueError,
} from "@contextvars/contextvars";
import {
  check,
  checkOutside,
  checkWithEnterWith,
  checkWithoutEnterWith,
  errorOf,
  gate,
} from "../check.ts";

checkWithEnterWith("ContextVar.set() outside any task reaches the code that follows", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  user.set("alice");
  await Promise.resolve();
  assert.equal(user.get(), "alice");
  assert.equal(await createTask(() => user.get()), "alice");
});

checkWithEnterWith("ContextVar.set() outside any task misses code under way", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  const { promise, open } = gate();
  const underWay = promise.then(() => user.get());
  user.set("alice");
  open();
  assert.equal(await underWay, "nobody");
});

checkWithEnterWith(
  "ContextVar.set() outside any task, after an await, misses the awaiter",
  async () => {
    const user = new ContextVar("user", { default: "nobody" });
    const helper = async () => {
      await Promise.resolve();
      user.set("alice");
      return user.get();
    };
    assert.equal(await helper(), "alice");
    assert.equal(user.get(), "nobody");
  },
);

checkWithEnterWith(
  "ContextVar.set() outside any task, before an await, reaches the caller",
  async () => {
    const user = new ContextVar("user", { default: "nobody" });
    const helper = async () => {
      user.set("alice");
      await Promise.resolve();
    };
    const pending = helper();
    assert.equal(user.get(), "alice");
    await pending;
  },
);

check("ContextVar.set() in another storage's run reaches the rest of the task", () => {
  const user = new ContextVar("user", { default: "nobody" });
  new AsyncLocalStorage<string>().run("other", () => user.set("alice"));
  assert.equal(user.get(), "alice");
});

checkWithEnterWith(
  "ContextVar.set() outside any task ends with another storage's run on Deno, and on no other",
  () => {
    const user = new ContextVar("user", { default: "nobody" });
    new AsyncLocalStorage<string>().run("other", () => {
      user.set("alice");
      assert.equal(user.get(), "alice");
    });
    // Deno puts all storages back where a `run` ends, the others that storage alone.
    assert.equal(user.get(), "Deno" in globalThis ? "nobody" : "alice");
  },
);

checkWithEnterWith("ContextVar.set() outside any task changes no context", () => {
  const user = new ContextVar<string>("user");
  const before = currentContext();
  const copy = copyContext();
  user.set("alice");
  assert.equal(before.has(user), false);
  assert.equal(copy.has(user), false);
  assert.equal(currentContext().get(user), "alice");
});

checkWithEnterWith("ContextVar.reset() outside any task takes a token of outside", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const first = user.set("alice");
  const second = user.set("bob");
  user.reset(second);
  assert.equal(user.get(), "alice");
  first[Symbol.dispose]();
  assert.equal(user.get(), "nobody");
});

checkWithEnterWith(
  "ContextVar.reset() by another flow's token changes this flow only",
  async () => {
    const user = new ContextVar("user", { default: "nobody" });
    const { promise: go, open } = gate();
    let token!: Token<string>;
    const flow = async () => {
      await Promise.resolve();
      token = user.set("alice");
      await go;
      return user.get();
    };
    const flowing = flow();
    await Promise.resolve();
    user.set("bob");
    user.reset(token);
    assert.equal(user.get(), "nobody");
    open();
    assert.equal(await flowing, "alice");
  },
);

checkWithEnterWith("ContextVar.reset() inside a task refuses a token of outside", async () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  await createTask(() => {
    const refused = errorOf(ValueError, /was created in a different Context/);
    assert.throws(() => user.reset(token), refused);
    token[Symbol.dispose]();
    assert.equal(user.get(), "alice");
  });
  user.reset(token);
  assert.equal(user.get("nothing"), "nothing");
});

checkWithEnterWith("ContextVar.get() outside any task stores a made default", () => {
  let made = 0;
  const log = new ContextVar("log", { defaultFactory: () => ++made });
  assert.deepEqual([log.get(), log.get()], [1, 1]);
});

checkWithoutEnterWith("ContextVar.set() outside any task says to start a task", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const refused = errorOf(
    RuntimeError,
    /^cannot set <ContextVar "user"> outside a task: .*; start a task with createTask$/,
  );
  assert.throws(() => user.set("alice"), refused);
  assert.equal(user.get(), "nobody");
  assert.equal(currentContext().has(user), false);
});

checkWithoutEnterWith("ContextVar.get() outside any task returns made defaults unstored", () => {
  let made = 0;
  const log = new ContextVar("log", { defaultFactory: () => ++made });
  assert.deepEqual([log.get(), log.get()], [1, 2]);
  assert.equal(currentContext().has(log), false);
});

checkOutside("ContextVar.set() in a task does not reach outside", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  await createTask(async () => {
    user.set("alice");
    await Promise.resolve();
    user.set("bob");
  });
  assert.equal(user.get(), "nobody");
});

checkOutside("ContextVar.reset() outside any task refuses a task's token", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  const token = context.run(() => user.set("alice"));
  const refused = errorOf(ValueError, /was created in a different Context/);
  assert.throws(() => user.reset(token), refused);
  context.run(() => user.reset(token));
  assert.equal(context.has(user), false);
});

checkOutside("currentContext() outside any task cannot be run, but a copy can", () => {
  const context = currentContext();
  const refused = errorOf(RuntimeError, /cannot enter context: .* was taken outside any task/);
  assert.throws(() => context.run(() => {}), refused);
  new Context().run(() => assert.throws(() => context.run(() => {}), refused));
  assert.equal(context.copy().run(() => "a copy"), "a copy");
});

check("copyContext() taken in a task runs outside it, after the task has ended", async () => {
  const user = new ContextVar<string>("user");
  const context = await createTask(async () => {
    user.set("alice");
    await Promise.resolve();
    return copyContext();
  });
  assert.equal(context.run(() => user.get()), "alice");
  assert.equal(user.get("nothing"), "nothing");
});
