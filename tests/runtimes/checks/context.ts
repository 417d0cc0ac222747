/** `Context`: run, bind, and the mapping. */

import assert from "node:assert/strict";
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  currentContext,
  RuntimeError,
} from "@contextvars/contextvars";
import { check, checkOutside, errorOf, gate } from "../check.ts";

const ENTERED = errorOf(RuntimeError, /cannot enter context: .* is already entered/);

check("Context() is empty, whatever is set around it", () => {
  const user = new ContextVar("user", { default: "nobody" });
  user.set("alice");
  const context = new Context();
  assert.equal(context.size, 0);
  assert.equal(context.run(() => user.get()), "nobody");
});

checkOutside("Context.run() keeps what the function sets, and returns what it returns", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const context = new Context();
  assert.equal(
    context.run(
      (name: string, times: number) => {
        user.set(name);
        assert.equal(currentContext(), context);
        return name.repeat(times);
      },
      "ab",
      2,
    ),
    "abab",
  );
  assert.equal(context.get(user), "ab");
  assert.equal(user.get(), "nobody");
});

checkOutside("Context.run() throws what the function throws, and can be called again", () => {
  const context = new Context();
  const failure = new Error("from the function");
  const fail = () => {
    throw failure;
  };
  assert.throws(() => context.run(fail), (error) => error === failure);
  assert.notEqual(currentContext(), context);
  assert.equal(context.run(() => "again"), "again");
});

checkOutside("Context.run() keeps an async function's continuations in the context", async () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  await context.run(async () => {
    await Promise.resolve();
    user.set("alice");
    await Promise.resolve();
    assert.equal(currentContext(), context);
  });
  assert.equal(context.get(user), "alice");
});

checkOutside("Context.run() lets two async functions be in flight in one context", async () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  const { promise: set, open } = gate();
  const reader = context.run(async () => {
    await set;
    return user.get();
  });
  const writer = context.run(async () => {
    await Promise.resolve();
    user.set("alice");
    open();
  });
  await writer;
  assert.equal(await reader, "alice");
});

checkOutside("Context.run() refuses a context that is current, or below it", () => {
  const context = new Context();
  context.run(() => {
    assert.throws(() => context.run(() => {}), ENTERED);
    new Context().run(() => assert.throws(() => context.run(() => {}), ENTERED));
  });
  assert.equal(context.run(() => "left"), "left");
});

checkOutside("Context.run() refuses an entered context in a continuation too", async () => {
  const context = new Context();
  await context.run(async () => {
    await Promise.resolve();
    assert.throws(() => context.run(() => {}), ENTERED);
    new Context().run(() => assert.throws(() => context.run(() => {}), ENTERED));
  });
});

check("Context.run() from a task enters a context that another task waits in", async () => {
  const context = new Context();
  const { promise: go, open } = gate();
  const waiting = context.run(() => go);
  assert.equal(await createTask(() => context.run(() => "entered")), "entered");
  open();
  await waiting;
});

checkOutside("Context.run() refuses what is no function, and calls with undefined as this", () => {
  function self(this: unknown): unknown {
    return this;
  }
  const context = new Context();
  const refused = errorOf(TypeError, /needs a function/);
  assert.throws(() => context.run(1 as never), refused);
  context.run(() => assert.throws(() => context.run(1 as never), refused));
  assert.equal(context.run(self), undefined);
});

checkOutside("Context.bind() passes this and arguments, and keeps name and length", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const owner = {
    greet: user.run("alice", copyContext).bind(
      function greet(this: unknown, greeting: string, mark: string) {
        return [this, `${greeting}, ${user.get()}${mark}`];
      },
    ),
  };
  assert.deepEqual(owner.greet("hello", "!"), [owner, "hello, alice!"]);
  assert.equal(owner.greet.name, "greet");
  assert.equal(owner.greet.length, 2);
});

checkOutside("Context.bind() runs each call in a fresh copy of the context as it is then", () => {
  const count = new ContextVar("count", { default: 0 });
  const context = new Context();
  const increase = context.bind(() => {
    count.set(count.get() + 1);
    return count.get();
  });
  assert.deepEqual([increase(), increase()], [1, 1]);
  context.run(() => count.set(10));
  assert.equal(increase(), 11);
  assert.equal(context.get(count), 10);
});

checkOutside(
  "Context.bind() makes functions that may call each other, and run in the context",
  () => {
    const context = new Context();
    const inner = context.bind(() => "inner");
    const outer = context.bind(() => inner());
    assert.equal(outer(), "inner");
    assert.equal(context.run(outer), "inner");
  },
);

checkOutside("Context.bind() makes calls that are tasks, also after their awaits", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  const handle = new Context().bind(async (name: string) => {
    user.set(name);
    await Promise.resolve();
    return user.get();
  });
  assert.deepEqual(await Promise.all([handle("alice"), handle("bob")]), ["alice", "bob"]);
  assert.equal(user.get(), "nobody");
});

check("Context.copy() makes a context that never changes with its original", () => {
  const user = new ContextVar<string>("user");
  user.set("alice");
  const copy = currentContext().copy();
  user.set("bob");
  copy.run(() => assert.equal(user.get(), "alice"));
  copy.run(() => user.set("carol"));
  assert.equal(user.get(), "bob");
});

check("Context is a mapping of variables to values", () => {
  const user = new ContextVar<string>("user");
  const depth = new ContextVar("depth", { default: 1 });
  user.set("alice");
  const context = currentContext();
  assert.equal(context.size, 1);
  assert.equal(context.has(user), true);
  assert.equal(context.has(depth), false);
  assert.equal(context.get(user), "alice");
  assert.equal(context.get(depth), undefined);
  assert.equal(context.get(depth, "fallback"), "fallback");
});

check("Context is iterated over as a Map is", () => {
  const user = new ContextVar<string>("user");
  user.set("alice");
  const context = currentContext();
  const seen: unknown[] = [];
  context.forEach(function (this: unknown, ...args) {
    seen.push(this, ...args);
  }, "this");
  assert.deepEqual([...context.keys()], [user]);
  assert.deepEqual([...context.values()], ["alice"]);
  assert.deepEqual([...context.entries()], [[user, "alice"]]);
  assert.deepEqual([...context], [[user, "alice"]]);
  assert.deepEqual(seen, ["this", "alice", user, context]);
});

check("Context's iterators show it as it was when they were made", () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  const entries = currentContext().entries();
  user.reset(token);
  assert.deepEqual([...entries], [[user, "alice"]]);
});

checkOutside("Context refuses a key that is no variable", () => {
  const context = new Context();
  const refused = errorOf(TypeError, /a ContextVar key was expected, got "user"/);
  assert.throws(() => context.get("user" as never), refused);
  assert.throws(() => context.has("user" as never), refused);
  assert.throws(() => context.has(Object.create(new ContextVar("user"))), TypeError);
});

checkOutside("Context holds thousands of variables, and so do its copies", () => {
  const variables = Array.from({ length: 5000 }, (_, n) => new ContextVar<number>(`v${n}`));
  const context = new Context();
  context.run(() => variables.forEach((variable, n) => variable.set(n)));
  const copy = context.copy();
  copy.run(() => variables.forEach((variable, n) => variable.set(-n)));
  assert.equal(copy.size, 5000);
  assert.ok(variables.every((variable, n) => context.get(variable) === n));
  assert.ok(variables.every((variable, n) => copy.get(variable) === -n));
});

check("currentContext() is the same object throughout a task", async () => {
  const context = currentContext();
  await Promise.resolve();
  assert.equal(currentContext(), context);
  assert.notEqual(copyContext(), context);
  assert.notEqual(await createTask(currentContext), context);
});
