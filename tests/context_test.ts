// deno-lint-ignore-file contextvars/floating-task -- on purpose

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  currentContext,
  RuntimeError,
} from "@contextvars/contextvars";
import { deferred, everywhere, inTask, setsEverywhere, setsOutside } from "./harness.ts";

const nothing = () => {};
const fail = () => {
  throw new Error("failed");
};

setsEverywhere("Context() is empty", () => {
  new ContextVar<string>("user").set("alice");
  assertEquals([...new Context()], []);
});

everywhere("Context.run() makes its context current, and restores the one before", () => {
  const context = new Context();
  const before = currentContext();
  context.run(() => assertStrictEquals(currentContext(), context));
  assertStrictEquals(currentContext(), before);
});

setsEverywhere("Context.run() shows the context's values alone", ({ user, tenant, context }) => {
  context.run(() => user.set("alice"));
  tenant.set("acme");
  assertEquals(context.run(() => [user.get(), tenant.get()]), ["alice", "none"]);
});

everywhere("Context.run() keeps what the function sets in the context", ({ user, context }) => {
  context.run(() => user.set("alice"));
  assertEquals(context.get(user), "alice");
  assertEquals(context.run(() => user.get()), "alice");
  assertEquals(user.get(), "nobody");
});

everywhere("Context.run() keeps continuations in the context", async ({ user, context }) => {
  await context.run(async () => {
    await Promise.resolve();
    assertStrictEquals(currentContext(), context);
    user.set("alice");
  });
  assertEquals(context.get(user), "alice");
  assertEquals(user.get(), "nobody");
});

everywhere("Context.run() lets two async functions be in flight at once", async ({ context }) => {
  const steps = new ContextVar("steps", { default: "" });
  const work = async (name: string): Promise<void> => {
    steps.set(`${steps.get()}${name}1 `);
    await Promise.resolve();
    steps.set(`${steps.get()}${name}2 `);
  };
  await Promise.all([context.run(work, "a"), context.run(work, "b")]);
  assertEquals(context.get(steps), "a1 b1 a2 b2 ");
});

const entered = "cannot enter context: <Context of size 0> is already entered";

// A snapshot makes another context current without leaving the one that called it.
const runAsAtLoad = AsyncLocalStorage.snapshot();

const afterAwait = async (fn: () => unknown) => {
  await Promise.resolve();
  fn();
};

/** How code comes to a place where `refused` finds the context entered. */
const places: Record<string, (context: Context, refused: () => unknown) => unknown> = {
  "Context.run() refuses to enter the current context": (context, refused) => context.run(refused),
  "Context.run() refuses to enter a context through another one": (context, refused) =>
    context.run(() => new Context().run(refused)),
  "Context.run() refuses to enter a context through a copy of it": (context, refused) =>
    context.run(() => copyContext().run(refused)),
  "Context.run() refuses to enter a context through a hundred others": (context, refused) => {
    const descend = (depth: number): unknown =>
      depth === 0 ? refused() : new Context().run(descend, depth - 1);
    context.run(descend, 100);
  },
  "Context.run() refuses to enter the context of a continuation": (context, refused) =>
    context.run(() => afterAwait(refused)),
  "Context.run() refuses it through a run in a continuation": (context, refused) =>
    context.run(() => afterAwait(() => new Context().run(refused))),
  "Context.run() refuses to enter a context that a snapshot hides": (context, refused) =>
    context.run(() => runAsAtLoad(refused)),
  "Context.run() still refuses that after another run inside has ended": (context, refused) =>
    context.run(() => {
      new Context().run(nothing);
      runAsAtLoad(refused);
    }),
};

for (const [name, reach] of Object.entries(places)) {
  everywhere(name, async ({ context }) => {
    await reach(context, () => {
      assertThrows(() => context.run(nothing), RuntimeError, entered);
    });
  });
}

everywhere("Context.run() refuses it in a continuation's task, until it awaits", async () => {
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

inTask("Context.run() refuses to enter the context of the task itself", () => {
  const context = currentContext();
  assertThrows(() => context.run(nothing), RuntimeError, entered);
  createTask(() => assertThrows(() => context.run(nothing), RuntimeError, entered));
});

everywhere("Context.run() can enter a context whose function is suspended", async ({ context }) => {
  const { promise, resolve } = deferred<void>();
  const waiting = context.run(() => promise);
  assertEquals(context.run(() => "entered"), "entered");
  resolve();
  await waiting;
});

everywhere("Context.run() can enter a context again after a refusal", ({ context }) => {
  const other = new Context();
  context.run(() => {
    assertThrows(() => other.run(() => context.run(nothing)), RuntimeError, entered);
    assertThrows(() => context.run(nothing), RuntimeError, entered);
    assertEquals(other.run(() => "other"), "other");
  });
  assertEquals(context.run(() => "again"), "again");
});

everywhere("Context.run() checks for a function before being entered", ({ context }) => {
  context.run(() => assertThrows(() => context.run(undefined as never), TypeError, "function"));
});

everywhere("Context.bind() runs each call in a fresh copy of the context", ({ user, context }) => {
  context.run(() => user.set("alice"));
  const bound = context.bind((name: string) => {
    const before = user.get();
    user.set(name);
    return before;
  });
  assertEquals([bound("bob"), bound("carol")], ["alice", "alice"]);
  assertEquals(context.get(user), "alice");
});

everywhere("Context.bind() copies the context as it is at each call", ({ user, context }) => {
  const bound = context.bind(() => user.get());
  context.run(() => user.set("alice"));
  assertEquals(bound(), "alice");
  context.run(() => user.set("bob"));
  assertEquals(bound(), "bob");
});

everywhere("Context.bind() passes this", ({ context }) => {
  const object = {
    bound: context.bind(function (this: unknown) {
      return this;
    }),
  };
  assertStrictEquals(object.bound(), object);
});

everywhere("Context.bind() starts each call anew, also one by the function itself", () => {
  const depth = new ContextVar("depth", { default: 0 });
  const bound: (left: number) => number[] = new Context().bind((left) => {
    depth.set(depth.get() + 1);
    return left > 0 ? [depth.get(), ...bound(left - 1)] : [depth.get()];
  });
  assertEquals(bound(2), [1, 1, 1]);
});

everywhere("Context.bind() keeps the name and the length of the function", () => {
  const bound = new Context().bind(function handler(_request: string, _info: string) {});
  assertEquals([bound.name, bound.length], ["handler", 2]);
});

everywhere("Context.bind() returns a function whose name can be defined anew", () => {
  const bound = new Context().bind(function handler() {});
  assertEquals(Object.defineProperty(bound, "name", { value: "route" }).name, "route");
});

setsOutside("Context.bind() of a context from outside any task works", ({ user }) => {
  user.set("alice");
  const bound = currentContext().bind(() => user.get());
  user.set("bob");
  assertEquals(bound(), "alice");
});

everywhere("Context.copy() has the values of the original", ({ user, context }) => {
  context.run(() => user.set("alice"));
  assertEquals([...context.copy()], [[user, "alice"]]);
});

everywhere("Context.copy() does not change with its original", ({ user, tenant, context }) => {
  context.run(() => user.set("alice"));
  const copy = context.copy();
  context.run(() => [user.set("bob"), tenant.set("acme")]);
  assertEquals([...copy], [[user, "alice"]]);
});

everywhere("Context.copy() changes without its original", ({ user, tenant, context }) => {
  context.run(() => user.set("alice"));
  context.copy().run(() => [user.set("bob"), tenant.set("acme")]);
  assertEquals([...context], [[user, "alice"]]);
});

everywhere("Context.get() returns the fallback where there is no value", ({ context }) => {
  const user = new ContextVar<string | undefined>("user");
  assertEquals(context.get(user, "fallback"), "fallback");
  context.run(() => user.set(undefined));
  assertStrictEquals(context.get(user, "fallback"), undefined);
});

everywhere("Context.get() never gives a default, nor asks a defaultFactory", ({ user }) => {
  const log = new ContextVar("log", { defaultFactory: () => "made" });
  const context = copyContext();
  assertEquals([context.get(user), context.get(log)], [undefined, undefined]);
  assertEquals(context.has(log), false);
});

everywhere("Context.has() tells whether there is a value, also undefined", ({ context }) => {
  const user = new ContextVar<undefined>("user", { default: undefined });
  assertEquals(context.has(user), false);
  context.run(() => user.set(undefined));
  assertEquals([context.has(user), context.size], [true, 1]);
});

everywhere("Context.has() is false after the reset of the first set", ({ user, context }) => {
  context.run(() => user.reset(user.set("alice")));
  assertEquals([context.has(user), context.size], [false, 0]);
});

everywhere("Context.keys(), values(), entries() and its iterator agree", ({ user, tenant }) => {
  const context = new Context();
  context.run(() => [user.set("alice"), tenant.set("acme")]);
  const entries = [...context];
  const map = new Map<unknown, unknown>(entries);
  assertEquals([map.size, map.get(user), map.get(tenant)], [2, "alice", "acme"]);
  assertEquals([...context.entries()], entries);
  assertEquals([...context.keys()], entries.map(([key]) => key));
  assertEquals([...context.values()], entries.map(([, value]) => value));
});

everywhere("Context.forEach() passes value, variable and context", ({ user, context }) => {
  context.run(() => user.set("alice"));
  const calls: unknown[] = [];
  const self = {};
  context.forEach(function (this: unknown, ...args) {
    calls.push([this, ...args]);
  }, self);
  assertEquals(calls, [[self, "alice", user, context]]);
});

everywhere("Context.forEach() shows the context as it was", ({ user, tenant, context }) => {
  context.run(() => user.set("alice"));
  const seen: unknown[] = [];
  context.forEach((value) => {
    context.run(() => tenant.set("acme"));
    seen.push(value);
  });
  assertEquals(seen, ["alice"]);
});

setsEverywhere("copyContext() copies the current context", ({ user }) => {
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

everywhere("currentContext() is the same object for the same context", ({ context }) => {
  assertStrictEquals(currentContext(), currentContext());
  assertStrictEquals(context.run(currentContext), context);
  const copy = context.copy();
  assertStrictEquals(copy.run(currentContext), copy);
});

inTask("Context.run() can enter a context again that a throw has left", () => {
  const context = currentContext();
  assertThrows(() => new Context().run(fail), Error, "failed");
  copyContext().run(() => assertThrows(() => context.run(() => {}), RuntimeError));
  const left = new Context();
  assertThrows(() => left.run(fail), Error, "failed");
  assertEquals(left.run(() => "entered"), "entered");
});

everywhere("Context.run() can enter the context of a task that has ended", async () => {
  const context = await createTask(() => {
    assertThrows(() => new Context().run(fail), Error, "failed");
    new Context().run(() => {});
    return currentContext();
  });
  assertEquals(context.run(() => "entered"), "entered");
});

inTask("Context.bind() returns a function that has no other properties of the original", () => {
  const app = Object.assign(() => "answer", { routes: ["/"], fetch: () => "not bound" });
  const bound = new Context().bind(app);
  assertEquals(
    [bound(), bound.fetch, bound.routes],
    ["answer", undefined, undefined] as unknown[],
  );
});

inTask("Context.bind() keeps the context where the original has an own apply", ({ user }) => {
  const read = () => user.get();
  const bound = user.run("alice", () => copyContext().bind(Object.assign(read, { apply: read })));
  assertEquals(Function.prototype.call.call(bound.call, bound), "alice");
});

everywhere("Context.bind() runs each step of a generator in the call's context", ({ user }) => {
  const seen: string[] = [];
  function* rows() {
    user.set("alice");
    try {
      yield user.get();
      yield user.get();
    } finally {
      seen.push(user.get());
    }
  }
  const bound = new Context().bind(rows);
  const [first, second] = [bound(), bound()];
  user.run("bob", () => seen.push(first.next().value as string));
  seen.push(first.next().value as string);
  assertThrows(() => first.throw(new Error("thrown in")), Error, "thrown in");
  second.next();
  second.return();
  assertEquals(seen, ["alice", "alice", "alice", "alice"]);
  assertEquals(user.get(), "nobody");
});

everywhere("Context.bind() runs an async generator's steps in the call's context", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  const seen: string[] = [];
  async function* rows() {
    user.set("alice");
    try {
      yield user.get();
      await Promise.resolve();
      yield user.get();
    } finally {
      seen.push(user.get());
    }
  }
  const reader = new Context().bind(rows)();
  await user.run("bob", async () => seen.push((await reader.next()).value as string));
  seen.push((await reader.next()).value as string);
  await createTask(() => reader.return());
  assertEquals(seen, ["alice", "alice", "alice"]);
  assertEquals(await reader.next(), { value: undefined, done: true });
});

everywhere("Context.bind() keeps it where an async generator's steps are queued", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  async function* rows() {
    user.set("alice");
    for (;;) {
      await Promise.resolve();
      yield user.get();
    }
  }
  const reader = new Context().bind(rows)();
  const ask = (name: string) => user.run(name, () => reader.next());
  const asked = ["bob", "carol", "dave"].map(ask);
  await asked[0];
  asked.push(ask("erin"));
  const values = (await Promise.all(asked)).map(({ value }) => value);
  assertEquals(values, Array(4).fill("alice"));
});

inTask("Context.bind() starts a step of an async generator at once, as without bind", async () => {
  const seen: string[] = [];
  async function* rows() {
    seen.push("first step");
    yield 1;
    seen.push("second step");
    yield 2;
  }
  const reader = new Context().bind(rows)();
  for (let asked = 0; asked < 2; asked++) {
    const step = reader.next();
    seen.push("asked");
    await step;
  }
  assertEquals(seen, ["first step", "asked", "second step", "asked"]);
});

inTask("Context.bind() takes a generator whose methods are read-only, as in a frozen realm", () => {
  function* rows() {
    yield 1;
  }
  const { next } = rows.prototype;
  Object.defineProperty(rows.prototype, "next", { value: next, writable: false });
  assertEquals([...new Context().bind(rows)()], [1]);
});

inTask("Context.bind() leaves no way to the handler that is not bound", () => {
  const user = new ContextVar("user", { default: "anonymous" });
  const handlers = new Context();
  const early = handlers.bind(() => user.get());
  handlers.run(() => {});
  for (const bound of [early, handlers.bind(() => user.get())]) {
    const emitter = new EventEmitter().on("request", bound);
    // So does Socket.IO: it puts itself before the listeners of the server that it is attached to.
    const [taken] = emitter.listeners("request");
    assertEquals(user.run("stranger", () => taken!()), "anonymous");
  }
});

inTask("Context.bind() gives its function as listener: off() finds it", () => {
  const emitter = new EventEmitter();
  const seen: string[] = [];
  const listener = (text: string) => seen.push(text);
  emitter.on("event", copyContext().bind(listener));
  emitter.emit("event", "on");
  emitter.off("event", listener);
  emitter.emit("event", "off");
  assertEquals(seen, ["on"]);
});

inTask("Context.bind() lets an async generator go on after a step has failed", async () => {
  async function* rows() {
    try {
      yield "first";
    } catch {
      yield "caught";
    }
    throw new Error("at the end");
  }
  const reader = new Context().bind(rows)();
  await reader.next();
  const steps = [reader.throw(new Error("in")), reader.next(), reader.next()];
  const results = await Promise.allSettled(steps);
  assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
});

everywhere("Context.bind() lets a task of a generator's body ask for a step", async ({ user }) => {
  const tasks: Promise<unknown>[] = [];
  function* rows(): Generator<string> {
    user.set("alice");
    tasks.push(startLater(() => reader.next().value));
    yield "first";
    yield user.get();
  }
  const startLater = async <R>(fn: () => R) => {
    await Promise.resolve();
    return await createTask(fn);
  };
  const reader = new Context().bind(rows)();
  reader.next();
  assertEquals(await Promise.all(tasks), ["alice"]);
});

everywhere("Context.bind() lets an async generator ask itself for a step", async ({ user }) => {
  const asked: Promise<IteratorResult<string>>[] = [];
  async function* rows(): AsyncGenerator<string> {
    user.set("alice");
    await Promise.resolve();
    asked.push(reader.next());
    yield "first";
    yield user.get();
  }
  const reader = new Context().bind(rows)();
  await reader.next();
  assertEquals((await asked[0])!.value, "alice");
});

inTask("Context.bind() keeps a generator out of the context of who asks", async () => {
  const context = currentContext();
  await Promise.resolve(); // from here on only the step itself marks this context as entered
  const refused = new Context().bind(function* () {
    yield assertThrows(() => context.run(() => {}), RuntimeError);
  })();
  refused.next();
});

inTask("Context.bind() leaves it to JavaScript to refuse a step of a running generator", () => {
  function* rows(): Generator<unknown> {
    yield new Context().run(() => reader.next());
  }
  const reader = new Context().bind(rows)();
  assertThrows(() => reader.next(), TypeError);
});

everywhere("Context.bind() makes a generator's stream run in its context", async ({ user }) => {
  async function* rows() {
    yield user.get();
    await Promise.resolve();
    yield user.get();
  }
  const bound = user.run("alice", () => copyContext().bind(rows));
  const response = new Response(
    ReadableStream.from(bound()).pipeThrough(new TextEncoderStream()),
  );
  assertEquals(await user.run("bob", () => response.text()), "alicealice");
});

everywhere("Context.equals() compares variables and values, by Object.is", () => {
  const [user, role] = [new ContextVar<unknown>("user"), new ContextVar<unknown>("role")];
  const withUser = (value: unknown) => user.run(value, copyContext);
  assert(withUser("alice").equals(withUser("alice")));
  assert(withUser(NaN).equals(withUser(NaN)));
  assert(!withUser(0).equals(withUser(-0)));
  assert(!withUser({}).equals(withUser({})));
  assert(!withUser("alice").equals(copyContext()));
  assert(!copyContext().equals(withUser("alice")));
  assert(!withUser("alice").equals(role.run("alice", copyContext)));
  assert(!withUser(undefined).equals(role.run(undefined, copyContext)));
  assert(!role.run("admin", withUser, "alice").equals(role.run("admin", withUser, "bob")));
});

inTask("Context.equals() ignores the order in which variables were set", () => {
  const [user, role] = [new ContextVar<string>("user"), new ContextVar<string>("role")];
  const one = user.run("alice", () => role.run("admin", copyContext));
  const other = role.run("admin", () => user.run("alice", copyContext));
  assert(one.equals(other));
  assert(one.equals(one));
});

inTask("Context.equals() compares what a context holds, whatever a subclass says of it", () => {
  class Reader extends Context {
    override get size(): number {
      return 0;
    }
    override get<T>(_variable: ContextVar<T>, fallback?: unknown): T {
      return fallback as T;
    }
  }
  const user = new ContextVar<unknown>("user");
  const [reader, context] = [new Reader(), new Context()];
  assert(reader.equals(context) && context.equals(reader));
  reader.run(() => user.set("alice"));
  assert(!reader.equals(context) && !context.equals(reader));
  context.run(() => user.set("alice"));
  assert(reader.equals(context) && context.equals(reader));
});

inTask("Context.entries(), keys(), values() and its iterator show the context as it was", () => {
  const user = new ContextVar<unknown>("user");
  user.set("alice");
  const context = currentContext();
  const iterators = [
    context.entries(),
    context[Symbol.iterator](),
    context.keys(),
    context.values(),
  ];
  new ContextVar("role").set("admin");
  user.set("bob");
  const entry = [user, "alice"];
  assertEquals(iterators.map((it) => [...it]), [[entry], [entry], [user], ["alice"]]);
});

everywhere("Context holds thousands of variables, and so do its copies", ({ context }) => {
  const variables = Array.from(
    { length: 5_000 },
    (_, i) => new ContextVar<number>(`variable${i}`),
  );
  context.run(() => variables.forEach((variable, i) => variable.set(i)));
  const copy = context.copy();
  copy.run(() => variables.forEach((variable, i) => variable.set(-i)));
  assertEquals(copy.size, 5_000);
  assertEquals(variables.map((variable) => context.get(variable)), variables.map((_, i) => i));
  assertEquals(variables.map((variable) => copy.get(variable)), variables.map((_, i) => -i));
});
