/** `ContextVar`: get, set, reset, run. */

import assert from "node:assert/strict";
import {
  Context,
  ContextVar,
  createTask,
  currentContext,
  LookupError,
  RuntimeError,
  Token,
  ValueError,
} from "@contextvars/contextvars";
import { check, checkOutside, errorOf } from "../check.ts";

check("ContextVar.get() returns what was set, undefined and null included", () => {
  const user = new ContextVar<string | null | undefined>("user", { default: "nobody" });
  user.set("alice");
  assert.equal(user.get("fallback"), "alice");
  user.set(undefined);
  assert.equal(user.get("fallback"), undefined);
  user.set(null);
  assert.equal(user.get("fallback"), null);
});

checkOutside("ContextVar.get() prefers a fallback, even undefined, to the default", () => {
  const user = new ContextVar("user", { default: "nobody" });
  assert.equal(user.get("fallback"), "fallback");
  assert.equal(user.get(undefined), undefined);
  assert.equal(user.get(), "nobody");
});

checkOutside("ContextVar.get() returns a default of undefined", () => {
  assert.equal(new ContextVar("user", { default: undefined }).get(), undefined);
});

checkOutside("ContextVar.get() throws a LookupError that names the variable", () => {
  const user = new ContextVar<string>("user");
  assert.throws(() => user.get(), errorOf(LookupError, /<ContextVar "user"> has no value/));
});

check("ContextVar.get() stores what the defaultFactory made, for each task its own", async () => {
  let made = 0;
  const log = new ContextVar("log", { defaultFactory: () => ++made });
  const read = async () => {
    const first = log.get();
    await Promise.resolve();
    return [first, log.get()];
  };
  const both = await Promise.all([createTask(read), createTask(read)]);
  assert.deepEqual(both, [[1, 1], [2, 2]]);
  assert.equal(currentContext().has(log), false);
});

check("ContextVar.get() hands a made default down to tasks that start later", async () => {
  const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
  const own = log.get();
  assert.equal(await createTask(() => log.get()), own);
});

check("ContextVar.set() returns a token with the variable and what it had", () => {
  const user = new ContextVar<string>("user");
  const first = user.set("alice");
  const second = user.set("bob");
  assert.equal(first.var, user);
  assert.equal(first.oldValue, Token.MISSING);
  assert.equal(second.oldValue, "alice");
});

check("ContextVar.reset() puts back the old value, or nothing", () => {
  const user = new ContextVar<string>("user");
  const first = user.set("alice");
  const second = user.set("bob");
  user.reset(second);
  assert.equal(user.get(), "alice");
  user.reset(first);
  assert.equal(currentContext().has(user), false);
});

check("ContextVar.reset() takes tokens in any order", () => {
  const user = new ContextVar<string>("user");
  const first = user.set("alice");
  const second = user.set("bob");
  user.reset(first);
  assert.equal(user.get("nothing"), "nothing");
  user.reset(second);
  assert.equal(user.get(), "alice");
});

check("ContextVar.reset() works after an await in the same task", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  const token = user.set("alice");
  await Promise.resolve();
  user.reset(token);
  assert.equal(user.get(), "nobody");
});

check("ContextVar.reset() refuses what is no token", () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  const refused = errorOf(TypeError, /needs a Token/);
  assert.throws(() => user.reset(undefined as never), refused);
  assert.throws(() => user.reset(Object.create(token)), refused);
  assert.throws(() => user.reset(new Proxy(token, {})), refused);
});

check("ContextVar.reset() refuses a used token first, whoever asks", () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  user.reset(token);
  const refused = errorOf(RuntimeError, /has already been used once/);
  assert.throws(() => user.reset(token), refused);
  assert.throws(() => new ContextVar<string>("other").reset(token), refused);
  assert.throws(() => new Context().run(() => user.reset(token)), refused);
});

check("ContextVar.reset() refuses another variable's token, before it looks at contexts", () => {
  const user = new ContextVar<string>("user");
  const other = new ContextVar<string>("other");
  const token = user.set("alice");
  const refused = errorOf(ValueError, /was created by a different ContextVar/);
  assert.throws(() => new Context().run(() => other.reset(token)), refused);
  user.reset(token);
  assert.equal(user.get("nothing"), "nothing");
});

check("ContextVar.reset() refuses another context's token, and leaves it usable", async () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  await createTask(() => {
    const refused = errorOf(ValueError, /was created in a different Context/);
    assert.throws(() => user.reset(token), refused);
  });
  assert.equal(user.get(), "alice");
  user.reset(token);
  assert.equal(user.get("nothing"), "nothing");
});

checkOutside("ContextVar.run() gives the variable a value for one call", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const greet = (greeting: string, mark: string) => `${greeting}, ${user.get()}${mark}`;
  assert.equal(user.run("alice", greet, "hello", "!"), "hello, alice!");
  assert.equal(user.get(), "nobody");
});

checkOutside("ContextVar.run() is a task that lasts after its awaits", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  const running = user.run("alice", async () => {
    await Promise.resolve();
    const before = user.get();
    user.set("bob");
    await Promise.resolve();
    return [before, user.get()];
  });
  assert.equal(user.get(), "nobody");
  assert.deepEqual(await running, ["alice", "bob"]);
  assert.equal(user.get(), "nobody");
});

checkOutside("ContextVar.run() throws what the function throws, and ends the task", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const failure = new Error("from the function");
  const fail = () => {
    throw failure;
  };
  assert.throws(() => user.run("alice", fail), (error) => error === failure);
  assert.equal(user.get(), "nobody");
});

checkOutside("ContextVar.run() calls the function with undefined as this", () => {
  function self(this: unknown): unknown {
    return this;
  }
  assert.equal(new ContextVar<string>("user").run("alice", self), undefined);
});

checkOutside("ContextVar() refuses a name that is no string, and wrong options", () => {
  const make = ContextVar as new (name: unknown, options?: unknown) => unknown;
  assert.throws(() => new make(1), errorOf(TypeError, /must be a string/));
  assert.throws(() => new make("user", null), errorOf(TypeError, /must be an object/));
  assert.throws(
    () => new make("user", { default: 1, defaultFactory: () => 1 }),
    errorOf(TypeError, /both a default and a defaultFactory/),
  );
  assert.throws(
    () => new make("user", { defaultFactory: 1 }),
    errorOf(TypeError, /must have a function as defaultFactory/),
  );
});

checkOutside("ContextVar.name cannot be changed", () => {
  const user = new ContextVar<string>("user");
  assert.throws(() => Object.assign(user, { name: "other" }), TypeError);
  assert.equal(user.name, "user");
});

check("ContextVar works where it and its tokens are frozen", () => {
  const user = new ContextVar("user", { default: "nobody" });
  Object.freeze(user);
  const token = user.set("alice");
  Object.freeze(token);
  assert.equal(user.get(), "alice");
  user.reset(token);
  assert.equal(user.get(), "nobody");
  const refused = errorOf(RuntimeError, /has already been used once/);
  assert.throws(() => user.reset(token), refused);
});

check("ContextVar's methods refuse objects made from its prototype, and proxies", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const refused = errorOf(TypeError, /ContextVar\.\w+ was called on/);
  assert.throws(() => Object.create(user).get(), refused);
  assert.throws(() => new Proxy(user, {}).set("alice"), refused);
  assert.throws(() => Object.create(user).name, refused);
});
