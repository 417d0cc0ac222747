/**
 * Strict mode. It holds for the whole program: on each runtime this file is a program of its own. It
 * imports strict mode late, after a set.
 */

// deno-lint-ignore-file contextvars/outside-task -- on purpose

import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { AsyncLocalStorage } from "node:async_hooks";
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  currentContext,
  RuntimeError,
} from "@contextvars/contextvars";
import { inTask, LACKS_ENTER_WITH, NEEDS_ENTER_WITH, outsideTasks } from "./harness.ts";
import { answer, APART, countAnswers, countHttp, serving, user } from "./servers/answers.ts";

const early = LACKS_ENTER_WITH.ignore ? user.set("early") : undefined;
const whereSetEarly = AsyncLocalStorage.snapshot();
await import("@contextvars/contextvars/strict");
await import("@contextvars/contextvars/strict");

outsideTasks("Strict mode makes set() outside any task throw, and changes nothing", () => {
  const before = currentContext();
  const error = assertThrows(() => user.set("alice"), RuntimeError);
  assertEquals(
    error.message,
    'cannot set <ContextVar "user"> outside a task: strict mode is on; in a server ' +
      'import "@contextvars/contextvars/servers", or bind the handler with ' +
      "new Context().bind(handler); in a script start with createTask(main)",
  );
  assertStrictEquals(currentContext(), before);
});

inTask("Strict mode changes nothing inside a task", () => {
  const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
  const token = user.set("alice");
  log.get().push("first");
  assertEquals(user.get(), "alice");
  assertEquals(log.get(), ["first"]);
  user.reset(token);
  assertEquals(user.get(), "anonymous");
});

outsideTasks("Strict mode lets tasks be started outside any task", async () => {
  const setAndGet = (name: string) => (user.set(name), user.get());
  assertEquals(await createTask(setAndGet, "alice"), "alice");
  assertEquals(new Context().run(setAndGet, "bob"), "bob");
  assertEquals(copyContext().bind(setAndGet)("carol"), "carol");
  assertEquals(user.run("dave", () => user.get()), "dave");
});

Deno.test(
  "Strict mode, imported late, lets what was set be reset",
  NEEDS_ENTER_WITH,
  () =>
    whereSetEarly(() => {
      assertThrows(() => user.set("late"), RuntimeError);
      assertEquals(user.get(), "early");
      user.reset(early!);
      assertEquals(user.get(), "anonymous");
    }),
);

outsideTasks(
  "Strict mode makes an unbound handler of node:http fail",
  NEEDS_ENTER_WITH,
  async () => {
    const { createServer } = await import("node:http"); // workerd has it only since later dates
    const answers = await serving(createServer(answer), countHttp);
    assertEquals(answers, { "anonymous: anonymous": 100, "named: RuntimeError": 100 });
  },
);

outsideTasks(
  "Strict mode leaves a bound handler of node:http as it is",
  NEEDS_ENTER_WITH,
  async () => {
    const { createServer } = await import("node:http");
    const bound = new Context().bind(answer);
    assertEquals(await serving(createServer(bound), countHttp), APART);
  },
);

outsideTasks("Context.bind() of a new context is right in a module that a task loads", async () => {
  const handler = await createTask(async () => {
    user.set("alice");
    return (await import("./servers/route.ts")).handler;
  });
  assertEquals(await countAnswers(handler), APART);
});
