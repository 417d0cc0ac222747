/**
 * Debug mode. It holds for the whole program: on each runtime this file is a program of its own.
 *
 * Calls that a report must name stand in statements of their own: Bun leaves calls in tail position
 * out of its stacks.
 */

// deno-lint-ignore-file contextvars/concurrent-set contextvars/floating-task contextvars/return-await -- on purpose

import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { ContextVar, copyContext, createTask, LookupError } from "@contextvars/contextvars";
import { explain, onReport, type Report } from "@contextvars/contextvars/debug";
import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { collectGarbage } from "./collect_garbage.ts";
import { deferred, inTask, NEEDS_ENTER_WITH, outsideTasks } from "./harness.ts";

// Bun's stacks do not show who awaits a promise that was returned.
const NEEDS_ASYNC_STACKS = { ignore: NEEDS_ENTER_WITH.ignore || "Bun" in globalThis };

const NEEDS_GC = NEEDS_ASYNC_STACKS;

/** Lines of a stack. */
const PLACES = String.raw`(\n    at .*:\d+:\d+\)?)+`;

/** Collects the reports from now on. */
function collect(): Report[] {
  const reports: Report[] = [];
  onReport((report) => reports.push(report));
  return reports;
}

/** Makes every report throw from now on. */
function refuse(): void {
  onReport(({ text }) => {
    throw new Error(text);
  });
}

/** Waits for a timer. */
function sleep(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Sets a variable, and reads it after an await. */
async function setAndRead(user: ContextVar<string>, name: string): Promise<string> {
  user.set(name);
  await Promise.resolve();
  return user.get();
}

/** Sets a variable in two calls at once. */
async function race(user: ContextVar<string>): Promise<void> {
  await Promise.all([setAndRead(user, "alice"), setAndRead(user, "bob")]);
}

inTask(
  "Debug mode reports a read of what a concurrent call has set",
  NEEDS_ENTER_WITH,
  async ({ user }) => {
    const reports = collect();
    await race(user);
    assertEquals(reports.map(({ kind, variable }) => [kind, variable]), [["race", user]]);
    assertMatch(
      reports[0]!.text,
      RegExp(
        '^contextvars: a race on <ContextVar "user"> in one task: this code reads it' +
          `\n    at setAndRead .*${PLACES}?` +
          String.raw`\n  It expects what was set \d+ ms ago` +
          `\n    at setAndRead .*${PLACES}` +
          String.raw`\n  It finds what was set \d+ ms ago` +
          `\n    at setAndRead .*${PLACES}` +
          String.raw`\n  Start each with createTask\(fn, \.\.\.\)\.$`,
      ),
    );
    assertEquals(reports[0]!.text.split("\n").length <= 13, true);
  },
);

inTask("Debug mode reports nothing where each concurrent call is a task", async ({ user }) => {
  const reports = collect();
  const tasks = [createTask(setAndRead, user, "alice"), createTask(setAndRead, user, "bob")];
  assertEquals(await Promise.all(tasks), ["alice", "bob"]);
  assertEquals(reports, []);
});

inTask("Debug mode reports a value that was reset too early", NEEDS_ENTER_WITH, async () => {
  const reports = collect();
  const user = new ContextVar("user", { default: "nobody" });
  async function read(): Promise<string> {
    await Promise.resolve();
    return user.get();
  }
  function asAlice(): Promise<string> {
    using _token = user.set("alice");
    return read();
  }
  assertEquals(await asAlice(), "nobody");
  assertMatch(
    reports.map(({ kind, text }) => `${kind} ${text}`).join(),
    /^reset contextvars: <ContextVar "user"> was reset too early: [^]*: return await fn\(\)\.$/,
  );
  assertEquals(reports[0]!.text.includes("race"), false);
});

const PAUSES: Record<string, [{ readonly ignore: boolean }, () => Promise<void>]> = {
  soon: [NEEDS_ENTER_WITH, () => Promise.resolve()],
  later: [NEEDS_ASYNC_STACKS, sleep],
};

for (const [when, [needs, pause]] of Object.entries(PAUSES)) {
  inTask(`Debug mode reports an early reset after an await, read ${when}`, needs, async () => {
    const reports = collect();
    const user = new ContextVar("user", { default: "nobody" });
    async function read(): Promise<string> {
      await pause();
      return user.get();
    }
    async function asAlice(): Promise<string> {
      using _token = user.set("alice");
      await sleep();
      return read();
    }
    assertEquals(await asAlice(), "nobody");
    assertEquals(reports[0]!.kind, "reset");
  });
}

inTask("Debug mode reports nothing where what is awaited has reset its own value", async () => {
  const reports = collect();
  const user = new ContextVar("user", { default: "nobody" });
  async function asAlice(): Promise<void> {
    using _token = user.set("alice");
    await sleep();
  }
  async function read(): Promise<string> {
    await sleep();
    return user.get();
  }
  await asAlice();
  assertEquals(user.get(), "nobody");
  assertEquals(await read(), "nobody");
  assertEquals(await asAlice().then(() => user.get()), "nobody");
  assertEquals(reports, []);
});

inTask("Debug mode reports a reset of what concurrent code has set", NEEDS_ENTER_WITH, async () => {
  const reports = collect();
  const user = new ContextVar<string>("user");
  async function withUser(name: string): Promise<void> {
    using _token = user.set(name);
    await Promise.resolve();
  }
  await Promise.all([withUser("alice"), withUser("bob")]);
  assertMatch(reports[0]!.text, /a race .*: this code resets it/);
});

outsideTasks("Debug mode reports a set outside any task, with its place", NEEDS_ENTER_WITH, () => {
  const reports = collect();
  const user = new ContextVar<string>("user");
  user.set("alice");
  assertEquals(reports.map(({ kind, variable }) => [kind, variable]), [["outside", user]]);
  assertMatch(
    reports[0]!.text,
    RegExp(
      `^contextvars: <ContextVar "user"> is set outside any task${PLACES}` +
        String
          .raw`\n  Before the first await it reaches all that follows, after one no caller: in a .*\.$`,
    ),
  );
});

outsideTasks("Debug mode reports a default that is made outside any task", () => {
  const reports = collect();
  const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
  for (const line of ["a", "b"]) log.get().push(line);
  assertEquals(reports.map(({ kind, variable }) => [kind, variable]), [["outside", log]]);
  assertMatch(reports[0]!.text, /<ContextVar "log"> makes a default outside any task/);
});

outsideTasks("Debug mode reports each place once", NEEDS_ENTER_WITH, ({ user }) => {
  const reports = collect();
  for (const name of ["alice", "bob"]) user.set(name);
  assertEquals(reports.length, 1);
});

outsideTasks(
  "onReport() throws in the code that sets, once; nothing is set",
  NEEDS_ENTER_WITH,
  ({ user }) => {
    refuse();
    const setAlice = () => user.reset(user.set("alice"));
    assertThrows(setAlice, Error, "is set outside any task");
    assertEquals(user.get(), "nobody");
    setAlice();
  },
);

inTask("onReport() makes a racy task fail where its handler throws", NEEDS_ENTER_WITH, async () => {
  refuse();
  const user = new ContextVar<string>("user");
  await assertRejects(() => createTask(race, user), Error, "a race on");
});

inTask("onReport() leaves the token of a refused reset usable", NEEDS_ENTER_WITH, async () => {
  const user = new ContextVar("user", { default: "nobody" });
  const token = user.set("alice");
  const resetting = (async () => {
    await Promise.resolve();
    refuse();
    assertThrows(() => user.reset(token), Error, "a race on");
  })();
  user.set("bob");
  await resetting;
  user.reset(token);
  assertEquals(user.get(), "nobody");
});

inTask("onReport() takes a handler that reads the variable", NEEDS_ENTER_WITH, async ({ user }) => {
  const seen: string[] = [];
  onReport(() => seen.push(user.get()));
  await race(user);
  assertEquals(seen, ["bob"]);
});

outsideTasks("A LookupError in debug mode says that the code runs outside any task", () => {
  collect();
  const user = new ContextVar<string>("user");
  user.run("alice", () => {});
  const error = assertThrows(() => user.get(), LookupError, "has no value here");
  assertMatch(
    error.message,
    RegExp(
      String.raw`\n  This code runs outside any task; bind callbacks: .*` +
        String.raw`\n  It was given by run\(\) \d+ ms ago${PLACES}$`,
    ),
  );
  assertEquals(error.stack!.includes("outside any task"), true);
});

inTask("A LookupError in debug mode says that the value came too late", async () => {
  collect();
  const user = new ContextVar<string>("user");
  const child = createTask(async () => {
    await Promise.resolve();
    return user.get();
  });
  user.set("alice");
  const error = await assertRejects(() => child, LookupError);
  assertMatch(
    error.message,
    RegExp(
      String
        .raw`\n  It was set \d+ ms ago${PLACES}\n  This task was started \d+ ms ago${PLACES}` +
        String.raw`\n  The one above was started \d+ ms ago${PLACES}` +
        String.raw`\n  Set it before this task starts$`,
    ),
  );
});

inTask("A LookupError in debug mode gives its reason once", () => {
  collect();
  const inner = new ContextVar<string>("user");
  const user = new ContextVar("user", { defaultFactory: () => inner.get() });
  const { message } = assertThrows(() => user.get(), LookupError);
  assertEquals(message.split("Nothing has set it while debug mode was on.").length, 2);
});

inTask("explain() tells who set the value, and where its tasks began", async () => {
  const user = new ContextVar<string>("user");
  const text = await user.run("bob", async () => {
    return await createTask(() => explain(user));
  });
  assertMatch(
    text,
    RegExp(
      String.raw`^<ContextVar "user"> is ['"]bob['"]\.` +
        String.raw`\n  It was given by run\(\) \d+ ms ago${PLACES}` +
        String.raw`\n  This task was started \d+ ms ago${PLACES}` +
        String.raw`\n  The one above was started \d+ ms ago${PLACES}`,
    ),
  );
});

inTask("explain() tells who set a value that a reset has brought back", NEEDS_ENTER_WITH, () => {
  const user = new ContextVar<string>("user");
  function setAlice(): void {
    user.set("alice");
  }
  function resetBob(): void {
    user.reset(user.set("bob"));
    return;
  }
  setAlice();
  resetBob();
  assertMatch(
    explain(user),
    /It was reset .*\n {4}at resetBob [^]*That brought back what was set .*\n {4}at setAlice/,
  );
});

outsideTasks("explain() tells who set a value outside any task", NEEDS_ENTER_WITH, () => {
  collect();
  const user = new ContextVar<string>("user");
  user.set("alice");
  assertMatch(explain(user), RegExp(String.raw`It was set \d+ ms ago${PLACES}`));
});

inTask("explain() tells why there is no value", () => {
  const user = new ContextVar("user", { default: "nobody" });
  user.reset(user.set("alice"));
  assertMatch(explain(user), /^<ContextVar "user"> has no value here\.\n {2}It was reset /);
});

inTask("Debug mode keeps nothing of tasks that are over", NEEDS_GC, async () => {
  const user = new ContextVar<object>("user");
  const values: WeakRef<object>[] = [];
  await new Promise<void>((resolve) => {
    // Each timer holds the task that made it, and whoever keeps the timer keeps them all.
    const task = () => {
      const value = {};
      values.push(new WeakRef(value));
      user.set(value);
      setTimeout(() => values.length < 20 ? createTask(task) : resolve());
    };
    createTask(task);
  });
  await collectGarbage();
  assertEquals(values.filter((value) => value.deref() !== undefined), []);
});

const STACKS: Record<string, () => unknown> = {
  "returns a number": () => 42,
  "returns a list": () => [],
  "returns what has no text": () => Object.create(null),
  throws() {
    throw new Error();
  },
};

for (const [what, prepare] of Object.entries(STACKS)) {
  const name = `Debug mode works where Error.prepareStackTrace ${what}`;
  inTask(name, NEEDS_ENTER_WITH, async ({ user }) => {
    const reports = collect();
    Error.prepareStackTrace = prepare;
    await race(user);
    Reflect.deleteProperty(Error, "prepareStackTrace");
    assertEquals(reports.map(({ kind }) => kind), ["race"]);
  });
}

inTask("Debug mode does not look into the stores of others", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assertEquals(new AsyncLocalStorage().run(proxy, () => "run"), "run");
});

outsideTasks("Debug mode leaves unhandled rejections unhandled", NEEDS_ENTER_WITH, async () => {
  const { promise, resolve } = deferred<unknown>();
  process.once("unhandledRejection", resolve);
  const error = new Error("nobody catches this");
  createTask(() => Promise.reject(error));
  assertEquals(await promise, error);
});

inTask("Debug mode leaves nothing of its own in a context", ({ user }) => {
  user.set("alice");
  const context = copyContext();
  assertEquals([...context], [[user, "alice"]]);
  assertEquals(String(context), "<Context of size 1>");
});
