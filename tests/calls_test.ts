/** What all ways to call a function as a task do alike. */

import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { Context, ContextVar, createTask, currentContext } from "@contextvars/contextvars";
import { everywhere } from "./harness.ts";

type Call = <A extends unknown[], R>(fn: (...args: A) => R, ...args: A) => unknown;

const CALLS: Record<string, Call> = {
  "Context.run()": (fn, ...args) => new Context().run(fn, ...args),
  "Context.bind()": (fn, ...args) => new Context().bind(fn)(...args),
  "ContextVar.run()": (fn, ...args) => new ContextVar("variable").run("value", fn, ...args),
  "createTask()": (fn, ...args) => createTask(fn, ...args),
};

/** More than a runtime has a quick way for. */
const ARGS = [null, undefined, 3, 4, 5, 6];

for (const [name, call] of Object.entries(CALLS)) {
  everywhere(`${name} passes the arguments and returns the result`, async () => {
    assertEquals(await call((...args) => args, ...ARGS), ARGS);
    assertEquals(await call((...args) => args, null), [null]);
  });

  everywhere(`${name} keeps the context through every await`, async ({ user }) => {
    const kept = await call(async () => {
      const context = currentContext();
      user.set("alice");
      await Promise.resolve();
      return [user.get(), currentContext() === context];
    });
    assertEquals(kept, ["alice", true]);
  });

  everywhere(`${name} keeps from its caller what the function sets`, async ({ user }) => {
    const called = call(async () => {
      user.set("alice");
      await Promise.resolve();
      user.set("bob");
    });
    assertEquals(user.get(), "nobody");
    await called;
    assertEquals(user.get(), "nobody");
  });

  everywhere(
    `${name} throws on what is thrown, Error or not, and restores the context`,
    async () => {
      const before = currentContext();
      const throwText = () => {
        throw "text";
      };
      const failing = (async () => await call(throwText))();
      assertStrictEquals(currentContext(), before);
      assertEquals(await failing.catch((reason) => reason), "text");
    },
  );

  everywhere(`${name} lets a rejection through`, async () => {
    const reject = () => Promise.reject(new RangeError("failed"));
    await assertRejects(async () => await call(reject), RangeError, "failed");
  });
}
