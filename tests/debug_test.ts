/**
 * Debug mode. It holds for the whole program: on each runtime this file is a program of its own.
 *
 * Calls that a report must name stand in statements of their own: Bun leaves calls in tail position
 * out of its stacks.
 */

// deno-lint-ignore-file contextvars/concurrent-set contextvars/floating-task contextvars/return-await -- on purpose

import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ContextVar, copyContext, createTask, LookupError } from "@contextvars/contextvars";
import {
  drawTasks,
  explain,
  listTasks,
  onReport,
  type Report,
} from "@contextvars/contextvars/debug";
import process from "node:process";
import { programs as correct } from "./debug/correct.ts";
import { deferred, type Program, Seen, sleep } from "./debug/helpers.ts";
import { programs as racy } from "./debug/racy.ts";
import { inTask, NEEDS_ENTER_WITH, outsideTasks } from "./harness.ts";

/** A line of a stack. */
const PLACE = String.raw`    at .*:\d+:\d+\)?`;

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

/** Returns the names of the programs for which a race is reported. */
async function reportedOf(programs: Record<string, Program>): Promise<string[]> {
  const names = new Set<string>();
  // In `deno test`, Deno 2.9.6 runs all queued microtasks inside the first call of setTimeout. To
  // debug mode the code after that call is in another turn, and a race may be missed.
  await sleep();
  for (const [name, program] of Object.entries(programs)) {
    onReport(({ kind }) => kind === "race" && names.add(name));
    await createTask(program, new Seen());
    await sleep(5);
  }
  return [...names];
}

/** Sets a variable, and reads it after an await. */
async function setAndRead(user: ContextVar<string>, name: string): Promise<string> {
  user.set(name);
  await Promise.resolve();
  return user.get();
}

inTask(
  "Debug mode reports a read of what a concurrent call has set, with all places",
  NEEDS_ENTER_WITH,
  async () => {
    const reports = collect();
    const user = new ContextVar<string>("user");
    await Promise.all([setAndRead(user, "alice"), setAndRead(user, "bob")]);
    assertEquals(reports.map(({ kind, variable }) => [kind, variable]), [["race", user]]);
    assertMatch(
      reports[0]!.text,
      new RegExp(
        [
          String.raw`^contextvars: a race on <ContextVar "user"> in task #\d+\.`,
          "  This code reads what concurrent code of the same task has left there:",
          "    at setAndRead [^]*",
          String.raw`  The concurrent code set it \d+ ms ago:`,
          "    at setAndRead [^]*",
          String.raw`  This code expects what was set \d+ ms ago:`,
          "    at setAndRead [^]*",
          String.raw`  Task #\d+ was started \d+ ms ago:`,
          `${PLACE}[^]*`,
          "  Start each concurrent call with createTask.*$",
        ].join("\n"),
      ),
    );
  },
);

inTask("Debug mode reports nothing where each concurrent call is a task", async () => {
  const reports = collect();
  const user = new ContextVar<string>("user");
  const tasks = [createTask(setAndRead, user, "alice"), createTask(setAndRead, user, "bob")];
  assertEquals(await Promise.all(tasks), ["alice", "bob"]);
  assertEquals(reports, []);
});

inTask(
  "Debug mode reports a value that was reset while the code still ran",
  NEEDS_ENTER_WITH,
  async () => {
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
    assertEquals(reports.map(({ kind }) => kind), ["race"]);
    assertStringIncludes(reports[0]!.text, "The concurrent code reset it");
    assertStringIncludes(reports[0]!.text, "return await fn()");
  },
);

inTask("Debug mode reports a reset of what concurrent code has set", NEEDS_ENTER_WITH, async () => {
  const reports = collect();
  const user = new ContextVar<string>("user");
  async function withUser(name: string): Promise<void> {
    using _token = user.set(name);
    await Promise.resolve();
  }
  await Promise.all([withUser("alice"), withUser("bob")]);
  assertStringIncludes(reports[0]!.text, "This code resets what concurrent code");
});

inTask("Debug mode finds 22 of the 31 racy programs", NEEDS_ENTER_WITH, async () => {
  const found = await reportedOf(racy);
  assertEquals(Object.keys(racy).filter((name) => !found.includes(name)), [
    "accept_loop",
    "retry_after_a_timeout",
    "reader_beside_an_admin",
    "reader_started_before_its_caller_sets",
    "audit_not_awaited",
    "thenable_started_later",
    "last_write_wins_for_the_awaiter",
    "report_beside_a_transaction",
    "second_request_a_moment_later",
  ]);
});

inTask(
  "Debug mode reports 3 of the 49 correct programs, which share a value on purpose",
  NEEDS_ENTER_WITH,
  async () => {
    assertEquals(await reportedOf(correct), [
      "heartbeat_by_a_timer",
      "told_when_the_value_has_changed",
      "variable_as_a_mailbox",
    ]);
  },
);

outsideTasks("Debug mode reports a set outside any task, with its place", NEEDS_ENTER_WITH, () => {
  const reports = collect();
  const user = new ContextVar<string>("user");
  user.set("alice");
  assertEquals(reports.map(({ kind, variable }) => [kind, variable]), [["outside", user]]);
  assertMatch(
    reports[0]!.text,
    new RegExp(
      [
        '^contextvars: <ContextVar "user"> is set outside any task\\.',
        `${PLACE}[^]*`,
        "  The code that follows keeps the value.*createTask\\(fn\\)\\.$",
      ].join("\n"),
    ),
  );
});

outsideTasks("Debug mode reports each place once", NEEDS_ENTER_WITH, () => {
  const reports = collect();
  const user = new ContextVar<string>("user");
  for (const name of ["alice", "bob"]) user.set(name);
  assertEquals(reports.length, 1);
});

outsideTasks(
  "onReport() lets the code that sets get what the handler throws; nothing is set",
  NEEDS_ENTER_WITH,
  () => {
    refuse();
    const user = new ContextVar("user", { default: "nobody" });
    assertThrows(() => user.set("alice"), Error, "is set outside any task");
    assertEquals(user.get(), "nobody");
  },
);

inTask("onReport() makes a racy task fail where its handler throws", NEEDS_ENTER_WITH, async () => {
  refuse();
  const user = new ContextVar<string>("user");
  const both = () => Promise.all([setAndRead(user, "alice"), setAndRead(user, "bob")]);
  await assertRejects(() => createTask(both), Error, "a race on");
});

inTask(
  "onReport() leaves a token usable where its handler throws at a reset",
  NEEDS_ENTER_WITH,
  async () => {
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
  },
);

outsideTasks("A LookupError in debug mode says that the code runs outside any task", () => {
  collect();
  const user = new ContextVar<string>("user");
  user.run("alice", () => {});
  const error = assertThrows(() => user.get(), LookupError, "has no value here");
  assertMatch(
    error.message,
    /\nThis code runs outside any task\. It was last given by run\(\) \d+ ms ago in task #\d+, at /,
  );
  assertStringIncludes(error.stack!, "This code runs outside any task");
});

inTask("A LookupError in debug mode says which task above has set the value too late", async () => {
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
    /\nThis code runs in task #\d+, started \d+ ms ago at .*\. Task #\d+, above it, set it \d+ ms after this task had copied its context, at .*:\d+:\d+\)?\. Set/,
  );
});

inTask("A LookupError in debug mode says that nothing has set the variable", () => {
  collect();
  const user = new ContextVar<string>("user");
  assertThrows(() => user.get(), LookupError, "Nothing has set it while debug mode was on.");
});

inTask(
  "explain() tells who set the value, and where that task and those above it began",
  async () => {
    const user = new ContextVar<string>("user");
    const text = await user.run("bob", async () => {
      return await createTask(() => explain(user));
    });
    assertMatch(
      text,
      new RegExp(
        [
          `^<ContextVar "user"> is ['"]bob['"]\\.`,
          "  It was given by run\\(\\) \\d+ ms ago in task #(\\d+):",
          `${PLACE}[^]*`,
          "  Task #\\d+ was started \\d+ ms ago:",
          `${PLACE}[^]*`,
          "  Task #\\1 was started \\d+ ms ago:",
          `${PLACE}[^]*`,
        ].join("\n"),
      ),
    );
  },
);

inTask("explain() tells who set a value that a reset has brought back", () => {
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
    /It was set .*\n {4}at setAlice[^]*\n {2}It is back by a reset .*\n {4}at resetBob/,
  );
});

inTask("explain() tells why there is no value", () => {
  const user = new ContextVar("user", { default: "nobody" });
  user.reset(user.set("alice"));
  assertMatch(explain(user), /^<ContextVar "user"> has no value here\.\n.* It was last reset /);
});

outsideTasks(
  "listTasks() lists the tasks that are alive, with what each has set itself",
  async () => {
    collect();
    const user = new ContextVar<string>("user");
    const role = new ContextVar<string>("role");
    const { promise, resolve } = deferred();
    const outer = createTask(async () => {
      user.set("alice");
      await createTask(async () => {
        role.set("admin");
        await promise;
      });
    });
    const [first, second] = listTasks();
    assertEquals([first!.parent, second!.parent], [undefined, first!.id]);
    assertEquals([...first!.values], [[user, "alice"]]);
    assertEquals([...second!.values], [[role, "admin"]]);
    assertMatch(second!.startedAt, /:\d+:\d+\)?$/);
    resolve();
    await outer;
    assertEquals(listTasks(), []);
  },
);

outsideTasks("drawTasks() draws the tasks that are alive as a tree", async () => {
  const user = new ContextVar<string>("user");
  await user.run("alice", () =>
    createTask(() => {
      user.set("bob");
      assertMatch(
        drawTasks(),
        /^task #\d+, \d+ ms, .*user='alice'\n {2}task #\d+, \d+ ms, .*, user='bob'\n$/,
      );
    }));
});

outsideTasks(
  "Debug mode leaves a task's unhandled rejection unhandled",
  NEEDS_ENTER_WITH,
  async () => {
    const { promise, resolve } = deferred<unknown>();
    process.once("unhandledRejection", resolve);
    const error = new Error("nobody catches this");
    createTask(() => Promise.reject(error));
    assertEquals(await promise, error);
  },
);

inTask("Debug mode leaves nothing of its own in a context", () => {
  const user = new ContextVar<string>("user");
  user.set("alice");
  const context = copyContext();
  assertEquals([...context], [[user, "alice"]]);
  assertEquals(String(context), "<Context of size 1>");
});
