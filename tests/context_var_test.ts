import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  Context,
  ContextVar,
  createTask,
  currentContext,
  LookupError,
  RuntimeError,
  Token,
} from "@contextvars/contextvars";
import { deferred, everywhere, inTask, outsideTasks, setsEverywhere } from "./harness.ts";

setsEverywhere("ContextVar.get() returns what was set last", ({ user }) => {
  user.set("alice");
  user.set("bob");
  assertEquals(user.get(), "bob");
});

everywhere("ContextVar.get() returns the fallback where there is no value, even undefined", () => {
  const user = new ContextVar("user", { default: "default" });
  assertEquals([user.get("nobody"), user.get(undefined)], ["nobody", undefined]);
});

everywhere("ContextVar.get() returns the default where there is no value, even undefined", () => {
  assertEquals(new ContextVar("user", { default: "nobody" }).get(), "nobody");
  assertEquals(new ContextVar("user", { default: undefined }).get(), undefined);
});

for (const value of [undefined, null, Symbol("value")]) {
  setsEverywhere(`ContextVar.get() returns ${String(value)} that was set`, () => {
    const user = new ContextVar<unknown>("user", { default: "default" });
    user.set(value);
    assertStrictEquals(user.get("nobody"), value);
  });
}

everywhere("ContextVar.get() throws a LookupError that names the variable", () => {
  const user = new ContextVar<string>("user");
  assertThrows(
    () => user.get(),
    LookupError,
    `<ContextVar "user"> has no value here and no default; set it first, give it a default, or pass a fallback`,
  );
});

everywhere("ContextVar.get() calls a defaultFactory without this and arguments", () => {
  const calls: unknown[] = [];
  const defaultFactory = function (this: unknown, ...args: unknown[]) {
    calls.push(this, args);
  };
  new ContextVar("log", { defaultFactory }).get();
  assertEquals(calls, [undefined, []]);
});

inTask("ContextVar.get() asks a defaultFactory once a task", () => {
  let calls = 0;
  const log = new ContextVar("log", { defaultFactory: () => ++calls });
  assertEquals([log.get(), log.get()], [1, 1]);
});

outsideTasks("ContextVar.get() outside any task stores nothing that a defaultFactory made", () => {
  let calls = 0;
  const log = new ContextVar("log", { defaultFactory: () => ++calls });
  assertEquals([log.get(), log.get()], [1, 2]);
  assertEquals(currentContext().has(log), false);
});

outsideTasks("ContextVar.get() gives no task what a defaultFactory made outside", async () => {
  const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
  log.get().push("made outside");
  const append = (line: string) => log.get().push(line);
  const tasks = [
    createTask(append, "a"),
    new Context().bind(append)("b"),
    log.run([], append, "c"),
  ];
  assertEquals(await Promise.all(tasks), [1, 1, 1]);
});

inTask("ContextVar.get() stores what a defaultFactory made in the context", ({ context }) => {
  const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
  const made = context.run(() => log.get());
  assertStrictEquals(context.get(log), made);
});

inTask("ContextVar.get() gives siblings that forked before it was made a value each", async () => {
  const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
  const append = async (line: string): Promise<string[]> => {
    await Promise.resolve();
    log.get().push(line);
    return log.get();
  };
  const one = createTask(append, "one");
  const two = createTask(append, "two");
  log.get().push("parent");
  assertEquals(await Promise.all([one, two]), [["one"], ["two"]]);
  assertEquals(log.get(), ["parent"]);
});

inTask("ContextVar.get() lets later tasks inherit what a defaultFactory made", async () => {
  const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
  const made = log.get();
  assertStrictEquals(await createTask(() => log.get()), made);
});

everywhere("ContextVar.get() does not ask a defaultFactory where a fallback is passed", () => {
  let calls = 0;
  const log = new ContextVar("log", { defaultFactory: () => ++calls });
  assertEquals(log.get("fallback"), "fallback");
  assertEquals(calls, 0);
});

inTask("ContextVar.get() stores undefined that a defaultFactory made", () => {
  let calls = 0;
  const log = new ContextVar<undefined>("log", { defaultFactory: () => void calls++ });
  log.get();
  log.get();
  assertEquals(calls, 1);
});

inTask("ContextVar.get() stores over what a defaultFactory set itself", () => {
  const log: ContextVar<string> = new ContextVar("log", {
    defaultFactory: () => {
      log.set("set by the factory");
      other.set("other");
      return "made";
    },
  });
  const other = new ContextVar<string>("other");
  assertEquals(log.get(), "made");
  assertEquals(log.get(), "made");
  assertEquals(other.get(), "other");
});

everywhere("ContextVar.get() throws what a defaultFactory throws, and stores nothing", () => {
  let calls = 0;
  const log = new ContextVar("log", {
    defaultFactory: () => {
      if (++calls === 1) throw new RangeError("not yet");
      return "made";
    },
  });
  assertThrows(() => log.get(), RangeError, "not yet");
  assertEquals(log.get("nothing"), "nothing");
  assertEquals(log.get(), "made");
});

inTask("ContextVar.set() is there for code under way in the same task", async ({ user }) => {
  const { promise, resolve } = deferred<void>();
  const reader = promise.then(() => user.get());
  user.set("alice");
  resolve();
  assertEquals(await reader, "alice");
});

setsEverywhere("ContextVar.set() leaves other variables as they were", () => {
  const one = new ContextVar<number>("same name");
  const two = new ContextVar<number>("same name");
  one.set(1);
  two.set(2);
  assertEquals([one.get(), two.get()], [1, 2]);
});

inTask("ContextVar.set() sets nothing without a token, wherever the stack is used up", () => {
  for (let round = 0; round < 300; round++) {
    const depth = new ContextVar<number>("depth");
    let token = depth.set(0);
    let value = 0;
    const deeper = (next: number, ...frame: number[]) => {
      token = depth.set(next);
      value = next;
      deeper(next + 1, ...frame);
    };
    assertThrows(() => deeper(1, ...Array(round % 23).fill(0)), RangeError);
    assertEquals(depth.get(), value);
    depth.reset(token);
  }
});

setsEverywhere("ContextVar.set() keeps objects as they are", () => {
  const value = { deep: [1] };
  const variable = new ContextVar<object>("variable");
  variable.set(value);
  assertStrictEquals(variable.get(), value);
});

setsEverywhere("ContextVar.reset() puts an old value of undefined back", () => {
  const user = new ContextVar<string | undefined>("user", { default: "default" });
  user.set(undefined);
  user.reset(user.set("bob"));
  assertStrictEquals(user.get(), undefined);
});

setsEverywhere("ContextVar.reset() takes the value away where there was none", () => {
  const user = new ContextVar("user", { default: "default" });
  user.reset(user.set("bob"));
  assertEquals(user.get(), "default");
});

setsEverywhere("ContextVar.reset() takes tokens in any order", ({ user }) => {
  const first = user.set("alice");
  const second = user.set("bob");
  user.reset(first);
  assertEquals(user.get("nobody"), "nobody");
  user.reset(second);
  assertEquals(user.get(), "alice");
});

inTask("ContextVar.reset() by a helper is seen by its awaiter", async ({ user }) => {
  const token = user.set("alice");
  const logOut = async (): Promise<void> => {
    await Promise.resolve();
    user.reset(token);
  };
  await logOut();
  assertEquals(user.get(), "nobody");
});

everywhere("ContextVar.run() gives the variable the value for the time of the call", () => {
  const user = new ContextVar<unknown>("user", { default: "nobody" });
  const seen = ["alice", undefined, null].map((value) => user.run(value, () => user.get()));
  assertEquals([...seen, user.get()], ["alice", undefined, null, "nobody"]);
});

setsEverywhere("ContextVar.run() inherits the other variables", ({ user, tenant }) => {
  tenant.set("acme");
  assertEquals(user.run("alice", () => tenant.get()), "acme");
});

inTask("ContextVar.run() of a variable that has no value leaves no token behind", ({ user }) => {
  const token = user.run("alice", () => user.set("bob"));
  assertEquals(token.oldValue, "alice");
  assertEquals(user.get(Token.MISSING), Token.MISSING);
});

inTask("ContextVar.name is what the constructor was given, and read-only", ({ user }) => {
  assertThrows(() => Object.assign(user, { name: "other" }), TypeError);
  assertEquals([user.name, new ContextVar("").name], ["user", ""]);
});

inTask("ContextVar() reads each option once", () => {
  const reads: string[] = [];
  const options = {
    get default() {
      reads.push("default");
      return "nobody";
    },
  };
  assertEquals(new ContextVar("user", options).get(), "nobody");
  assertEquals(reads, ["default"]);
});

inTask("ContextVar works where it and its tokens are frozen", ({ user }) => {
  const token = user.set("alice");
  Object.freeze(user);
  Object.freeze(token);
  assertEquals(user.get(), "alice");
  user.reset(token);
  assertEquals(user.get(), "nobody");
  assertThrows(() => user.reset(token), RuntimeError);
});
