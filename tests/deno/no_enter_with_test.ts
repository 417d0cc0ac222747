/** A runtime whose AsyncLocalStorage has no enterWith, as on Cloudflare Workers. */

// deno-lint-ignore-file contextvars/floating-task -- on purpose

import { assertEquals, assertThrows } from "@std/assert";
import { AsyncLocalStorage } from "node:async_hooks";
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  RuntimeError,
} from "@contextvars/contextvars";
import { outsideTasks, setsOutside } from "../harness.ts";

/** Takes enterWith away for the time of a function that awaits nothing. */
function withoutEnterWith(body: () => void): void {
  const { prototype } = AsyncLocalStorage;
  const enterWith = prototype.enterWith;
  prototype.enterWith = () => {
    throw new Error("enterWith() is not implemented");
  };
  try {
    body();
  } finally {
    prototype.enterWith = enterWith;
  }
}

outsideTasks(
  "ContextVar.set() outside any task, without enterWith, says to bind the handler",
  () => {
    const user = new ContextVar("user", { default: "nobody" });
    withoutEnterWith(() => {
      const error = assertThrows(
        () => user.set("alice"),
        RuntimeError,
        `cannot set <ContextVar "user"> outside a task: this runtime has no ` +
          "AsyncLocalStorage.enterWith; bind the handler with new Context().bind(handler);",
      );
      assertEquals((error.cause as Error).message, "enterWith() is not implemented");
    });
    assertEquals(user.get(), "nobody");
  },
);

setsOutside("ContextVar.reset() without enterWith leaves the token usable", ({ user }) => {
  const token = user.set("alice");
  withoutEnterWith(() => assertThrows(() => user.reset(token), RuntimeError));
  assertEquals(user.get(), "alice");
  user.reset(token);
  assertEquals(user.get(), "nobody");
});

outsideTasks("ContextVar.set() and reset() in a task need no enterWith", ({ user }) => {
  const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
  withoutEnterWith(() => {
    new Context().run(() => {
      const token = user.set("alice");
      assertEquals([user.get(), log.get() === log.get()], ["alice", true]);
      user.reset(token);
      assertEquals(user.get(), "nobody");
    });
    createTask(() => assertEquals(copyContext().size, 0));
  });
});
