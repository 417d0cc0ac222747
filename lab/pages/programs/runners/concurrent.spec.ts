/** node:test, with tests that run concurrently: each has its own fixture. */

import { strictEqual } from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Context, ContextVar } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "anonymous" });

const asAlice = (body: () => void | Promise<void>) => () =>
  new Context().run(async () => {
    user.set(await Promise.resolve("alice"));
    await body();
  });

describe("tests that run concurrently", { concurrency: true }, () => {
  const rename = async (name: string) => {
    strictEqual(user.get(), "alice");
    user.set(name);
    await sleep(5);
    strictEqual(user.get(), name);
  };

  it("renames to bob", asAlice(() => rename("bob")));
  it("renames to carol", asAlice(() => rename("carol")));
});

// wrong, one context: const asAlice = (body: () => void | Promise<void>) => () =>\n  new Context(). ~> const context = new Context(), asAlice = (body: () => void | Promise<void>) => () =>\n  context.
// run on Node.js 24: --test programs/runners/concurrent.spec.ts
