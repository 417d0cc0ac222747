import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { AsyncLocalStorage } from "node:async_hooks";
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  currentContext,
  RuntimeError,
} from "@contextvars/contextvars";
import { everywhere, outside, test } from "./helpers.ts";

const nothing = () => {};

everywhere("Context() is empty", () => {
  new ContextVar<string>("user").set("alice");
  assertEquals([...new Context()], []);
});

everywhere("Context.run() passes the arguments and returns the result", () => {
  assertEquals(new Context().run((a: number, b: string) => [a, b], 1, "two"), [1, "two"]);
});

everywhere("Context.run() calls the function with undefined as this", () => {
  const getThis = function (this: unknown) {
    return this;
  };
  assertStrictEquals(new Context().run(getThis), undefined);
});

everywhere("Context.run() makes the context current, and restores the one before", () => {
  const context = new Context();
  const before = currentContext();
  context.run(() => assertStrictEquals(currentContext(), context));
  assertStrictEquals(currentContext(), before);
});

everywhere("Context.run() shows the function the context's values alone", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const tenant = new ContextVar("tenant", { default: "none" });
  const context = new Context();
  context.run(() => user.set("alice"));
  tenant.set("acme");
  assertEquals(context.run(() => [user.get(), tenant.get()]), ["alice", "none"]);
});

everywhere("Context.run() keeps what the function sets in the context", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const context = new Context();
  context.run(() => user.set("alice"));
  assertEquals(context.get(user), "alice");
  assertEquals(context.run(() => user.get()), "alice");
  assertEquals(user.get(), "nobody");
});

everywhere(
  "Context.run() keeps the continuations of an async function in the context",
  async () => {
    const user = new ContextVar("user", { default: "nobody" });
    const context = new Context();
    await context.run(async () => {
      await Promise.resolve();
      assertStrictEquals(currentContext(), context);
      user.set("alice");
    });
    assertEquals(context.get(user), "alice");
    assertEquals(user.get(), "nobody");
  },
);

everywhere("Context.run() throws what the function throws, and restores the context", () => {
  const context = new Context();
  const before = currentContext();
  const fail = () => {
    throw new RangeError("failed");
  };
  assertThrows(() => context.run(fail), RangeError, "failed");
  assertStrictEquals(currentContext(), before);
  assertEquals(context.run(() => "entered again"), "entered again");
});

everywhere("Context.run() lets a rejection through, and the context is current again", async () => {
  const context = new Context();
  const before = currentContext();
  const fail = async () => {
    await Promise.resolve();
    throw new RangeError("failed");
  };
  await assertRejects(() => context.run(fail), RangeError, "failed");
  assertStrictEquals(currentContext(), before);
  assertEquals(context.run(() => "entered again"), "entered again");
});

everywhere("Context.run() lets two async functions be in flight in one context", async () => {
  const steps = new ContextVar("steps", { default: "" });
  const context = new Context();
  const work = async (name: string): Promise<void> => {
    steps.set(`${steps.get()}${name}1 `);
    await Promise.resolve();
    steps.set(`${steps.get()}${name}2 `);
  };
  await Promise.all([context.run(work, "a"), context.run(work, "b")]);
  assertEquals(context.get(steps), "a1 b1 a2 b2 ");
});

const entered = "cannot enter context: <Context of size 0> is already entered";

everywhere("Context.run() refuses to enter the current context", () => {
  const context = new Context();
  context.run(() => assertThrows(() => context.run(nothing), RuntimeError, entered));
});

everywhere("Context.run() refuses to enter a context through another one", () => {
  const context = new Context();
  const other = new Context();
  context.run(() => {
    other.run(() => assertThrows(() => context.run(nothing), RuntimeError, entered));
  });
});

everywhere("Context.run() refuses to enter a context through a copy of it", () => {
  const context = new Context();
  context.run(() => {
    copyContext().run(() => assertThrows(() => context.run(nothing), RuntimeError, entered));
  });
});

everywhere("Context.run() refuses to enter the context of a continuation", async () => {
  const context = new Context();
  await context.run(async () => {
    await Promise.resolve();
    assertThrows(() => context.run(nothing), RuntimeError, entered);
  });
});

everywhere("Context.run() refuses it through another run in a continuation", async () => {
  const context = new Context();
  const other = new Context();
  await context.run(async () => {
    await Promise.resolve();
    other.run(() => assertThrows(() => context.run(nothing), RuntimeError, entered));
  });
});

everywhere("Context.run() refuses it in a task of a continuation, until that awaits", async () => {
  const context = new Context();
  await context.run(async () => {
    await Promise.resolve();
    await createTask(async () => {
      assertThrows(() => context.run(nothing), RuntimeError, entered);
      await Promise.resolve();
      assertEquals(context.run(() => "free"), "free");
    });
  });
});

// A snapshot makes another context current without leaving the one that called it.
const runAsAtLoad = AsyncLocalStorage.snapshot();

everywhere("Context.run() refuses to enter a context that a snapshot hides", () => {
  const context = new Context();
  context.run(() => {
    runAsAtLoad(() => assertThrows(() => context.run(nothing), RuntimeError, entered));
  });
});

everywhere("Context.run() still refuses that after another run inside has ended", () => {
  const context = new Context();
  const other = new Context();
  context.run(() => {
    other.run(nothing);
    runAsAtLoad(() => assertThrows(() => context.run(nothing), RuntimeError, entered));
  });
});

test("Context.run() refuses to enter the context of the task itself", () => {
  const context = currentContext();
  assertThrows(() => context.run(nothing), RuntimeError, entered);
  createTask(() => assertThrows(() => context.run(nothing), RuntimeError, entered));
});

everywhere("Context.run() can enter the context of a suspended async function", async () => {
  const context = new Context();
  const { promise, resolve } = Promise.withResolvers<void>();
  const waiting = context.run(() => promise);
  assertEquals(context.run(() => "entered"), "entered");
  resolve();
  await waiting;
});

everywhere("Context.run() can enter a context again after a refusal", () => {
  const context = new Context();
  const other = new Context();
  context.run(() => {
    assertThrows(() => other.run(() => context.run(nothing)), RuntimeError, entered);
    assertThrows(() => context.run(nothing), RuntimeError, entered);
    assertEquals(other.run(() => "other"), "other");
  });
  assertEquals(context.run(() => "again"), "again");
});

everywhere("Context.run() checks for a function before it checks for being entered", () => {
  const context = new Context();
  context.run(() => assertThrows(() => context.run(undefined as never), TypeError, "function"));
});

test("Context.run() nests five hundred contexts deep, and refuses the first of them", () => {
  const first = new Context();
  const descend = (depth: number): void => {
    if (depth > 0) return new Context().run(descend, depth - 1);
    assertThrows(() => first.run(nothing), RuntimeError, entered);
  };
  first.run(descend, 500);
});

everywhere("Context.bind() runs each call in a fresh copy of the context", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const context = new Context();
  context.run(() => user.set("alice"));
  const bound = context.bind((name: string) => {
    const before = user.get();
    user.set(name);
    return before;
  });
  assertEquals([bound("bob"), bound("carol")], ["alice", "alice"]);
  assertEquals(context.get(user), "alice");
});

everywhere("Context.bind() copies the context as it is at each call", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const context = new Context();
  const bound = context.bind(() => user.get());
  context.run(() => user.set("alice"));
  assertEquals(bound(), "alice");
  context.run(() => user.set("bob"));
  assertEquals(bound(), "bob");
});

everywhere("Context.bind() passes this, the arguments and the result", () => {
  const object = {
    bound: new Context().bind(function (this: unknown, a: number, b: number) {
      return [this, a, b];
    }),
  };
  assertEquals(object.bound(1, 2), [object, 1, 2]);
});

everywhere("Context.bind() throws what the function throws, and restores the context", () => {
  const before = currentContext();
  const bound = new Context().bind(() => {
    throw new RangeError("failed");
  });
  assertThrows(bound, RangeError, "failed");
  assertStrictEquals(currentContext(), before);
});

everywhere("Context.bind() can be called while its context is entered", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const context = new Context();
  const bound = context.bind(() => user.get());
  context.run(() => {
    user.set("alice");
    assertEquals(bound(), "alice");
  });
});

everywhere(
  "Context.bind() starts each call from its context, also a call by the function itself",
  () => {
    const depth = new ContextVar("depth", { default: 0 });
    const bound: (left: number) => number[] = new Context().bind((left) => {
      depth.set(depth.get() + 1);
      return left > 0 ? [depth.get(), ...bound(left - 1)] : [depth.get()];
    });
    assertEquals(bound(2), [1, 1, 1]);
  },
);

everywhere("Context.bind() keeps the name and the length of the function", () => {
  const bound = new Context().bind(function handler(_request: string, _info: string) {});
  assertEquals([bound.name, bound.length], ["handler", 2]);
});

everywhere("Context.bind() returns a function whose name can be defined anew", () => {
  const bound = new Context().bind(function handler() {});
  assertEquals(Object.defineProperty(bound, "name", { value: "route" }).name, "route");
});

outside("Context.bind() of a context from outside any task works", () => {
  const user = new ContextVar("user", { default: "nobody" });
  user.set("alice");
  const bound = currentContext().bind(() => user.get());
  user.set("bob");
  assertEquals(bound(), "alice");
});

everywhere("Context.copy() has the values of the original", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  context.run(() => user.set("alice"));
  assertEquals([...context.copy()], [[user, "alice"]]);
});

everywhere("Context.copy() does not change with its original", () => {
  const user = new ContextVar<string>("user");
  const tenant = new ContextVar<string>("tenant");
  const context = new Context();
  context.run(() => user.set("alice"));
  const copy = context.copy();
  context.run(() => [user.set("bob"), tenant.set("acme")]);
  assertEquals([...copy], [[user, "alice"]]);
});

everywhere("Context.copy() changes without its original", () => {
  const user = new ContextVar<string>("user");
  const tenant = new ContextVar<string>("tenant");
  const context = new Context();
  context.run(() => user.set("alice"));
  context.copy().run(() => [user.set("bob"), tenant.set("acme")]);
  assertEquals([...context], [[user, "alice"]]);
});

everywhere("Context.copy() of an entered context can be run", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  context.run(() => {
    user.set("alice");
    assertEquals(context.copy().run(() => user.get()), "alice");
  });
});

everywhere("Context.get() returns the value, or undefined", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  assertStrictEquals(context.get(user), undefined);
  context.run(() => user.set("alice"));
  assertEquals(context.get(user), "alice");
});

everywhere("Context.get() returns the fallback where there is no value", () => {
  const user = new ContextVar<string | undefined>("user");
  const context = new Context();
  assertEquals(context.get(user, "fallback"), "fallback");
  context.run(() => user.set(undefined));
  assertStrictEquals(context.get(user, "fallback"), undefined);
});

everywhere("Context.get() never gives a default, nor asks a defaultFactory", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const log = new ContextVar("log", { defaultFactory: () => "made" });
  const context = copyContext();
  assertEquals([context.get(user), context.get(log)], [undefined, undefined]);
  assertEquals(context.has(log), false);
});

everywhere("Context.has() tells whether there is a value, undefined counting as one", () => {
  const user = new ContextVar<undefined>("user", { default: undefined });
  const context = new Context();
  assertEquals(context.has(user), false);
  context.run(() => user.set(undefined));
  assertEquals(context.has(user), true);
});

everywhere("Context.has() is false after the reset of the first set", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  context.run(() => user.reset(user.set("alice")));
  assertEquals([context.has(user), context.size], [false, 0]);
});

everywhere("Context.size counts the variables that have a value", () => {
  const user = new ContextVar<string>("user");
  const tenant = new ContextVar("tenant", { default: "none" });
  const context = new Context();
  assertEquals(context.size, 0);
  context.run(() => user.set("alice"));
  context.run(() => user.set("bob"));
  assertEquals(context.size, 1);
  context.run(() => tenant.set("acme"));
  assertEquals(context.size, 2);
});

everywhere("Context.keys(), values(), entries() and its iterator agree", () => {
  const user = new ContextVar<string>("user");
  const tenant = new ContextVar<string>("tenant");
  const context = new Context();
  context.run(() => [user.set("alice"), tenant.set("acme")]);
  const entries = new Map<unknown, unknown>([[user, "alice"], [tenant, "acme"]]);
  assertEquals(new Map(context), entries);
  assertEquals(new Map(context.entries()), entries);
  assertEquals(new Set(context.keys()), new Set([user, tenant]));
  assertEquals(new Set(context.values()), new Set(["alice", "acme"]));
  const pairs = Array.from(context.keys(), (key, i) => [key, [...context.values()][i]] as const);
  assertEquals(new Map<unknown, unknown>(pairs), entries);
});

everywhere("Context.entries() shows the context as it was when the iterator was made", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  context.run(() => user.set("alice"));
  const entries = context.entries();
  context.run(() => user.set("bob"));
  assertEquals([...entries], [[user, "alice"]]);
});

everywhere("Context.forEach() calls the callback with value, variable and context", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  context.run(() => user.set("alice"));
  const calls: unknown[] = [];
  const self = {};
  context.forEach(function (this: unknown, ...args) {
    calls.push([this, ...args]);
  }, self);
  assertEquals(calls, [[self, "alice", user, context]]);
});

everywhere("Context.forEach() shows the context as it was at the call", () => {
  const user = new ContextVar<string>("user");
  const tenant = new ContextVar<string>("tenant");
  const context = new Context();
  context.run(() => user.set("alice"));
  const seen: unknown[] = [];
  context.run(() => {
    context.forEach((value) => {
      tenant.set("acme");
      seen.push(value);
    });
  });
  assertEquals(seen, ["alice"]);
});

everywhere("copyContext() copies the current context", () => {
  const user = new ContextVar<string>("user");
  user.set("alice");
  const copy = copyContext();
  user.set("bob");
  assertEquals(copy.get(user), "alice");
  copy.run(() => user.set("carol"));
  assertEquals(user.get(), "bob");
});

everywhere("copyContext() makes a new context each time", () => {
  assert(copyContext() !== copyContext());
  assert(copyContext() !== currentContext());
});

everywhere("currentContext() is the same object for the same context", () => {
  assertStrictEquals(currentContext(), currentContext());
  const context = new Context();
  assertStrictEquals(context.run(currentContext), context);
  const copy = context.copy();
  assertStrictEquals(copy.run(currentContext), copy);
});

test("currentContext() changes with what is set", () => {
  const user = new ContextVar<string>("user");
  const context = currentContext();
  user.set("alice");
  assertEquals(context.get(user), "alice");
});

test("currentContext() is one and the same through the awaits of a task", async () => {
  const context = currentContext();
  await Promise.resolve();
  assertStrictEquals(currentContext(), context);
});

test("currentContext() of two tasks are two", async () => {
  const [one, two] = await Promise.all([createTask(currentContext), createTask(currentContext)]);
  assert(one !== two);
});
