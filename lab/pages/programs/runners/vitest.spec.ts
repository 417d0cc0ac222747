/** Vitest: a fixture around each test; and a faked clock that keeps contexts. */

import { strictEqual } from "node:assert/strict";
import { aroundEach, it, vi } from "vitest";
import { Context, ContextVar } from "@contextvars/contextvars";
import { keepContexts } from "../shared/keep_contexts.ts";

const user = new ContextVar("user", { default: "anonymous" });

async function findUser(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return "alice";
}

aroundEach((runTest) =>
  new Context().run(async () => {
    user.set(await findUser());
    await runTest();
  })
);

it.concurrent("changes the user", () => {
  user.set("bob");
});

it.concurrent("has the fixture's user", async () => {
  await Promise.resolve();
  strictEqual(user.get(), "alice");
});

it("calls back as who has set the timer", () => {
  vi.useFakeTimers();
  keepContexts();
  const seen: string[] = [];
  user.run("bob", () => setTimeout(() => seen.push(user.get()), 1000));
  vi.advanceTimersByTime(1000);
  vi.useRealTimers();
  strictEqual(seen[0], "bob");
  strictEqual(setTimeout.name, "setTimeout");
});

// wrong, clock not kept: keepContexts();\n ~> \n
// run on Node.js 24: ../node_modules/vitest/vitest.mjs run --root=programs/runners vitest.spec.ts
