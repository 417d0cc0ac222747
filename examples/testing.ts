// testing: each test runs in a context of its own, so that none sees what another has set
// deno run examples/testing.ts

import { setTimeout } from "node:timers/promises";
import assert from "node:assert/strict";
import { Context, ContextVar } from "@contextvars/contextvars";

const currentUser = new ContextVar("current_user", { default: "guest" });

function greeting(): string {
  return `Hello, ${currentUser.get()}`;
}

/** For any test runner: Deno.test("...", isolated(() => ...)), it("...", isolated(...)). */
function isolated<R>(body: () => R): () => R {
  return () => new Context().run(body);
}

const tests = {
  "greeting() greets the current user": isolated(async () => {
    currentUser.set("Alice");
    await setTimeout(10);
    assert.equal(greeting(), "Hello, Alice");
  }),
  "greeting() greets a guest where nobody is set": isolated(() => {
    assert.equal(greeting(), "Hello, guest"); // though the test before has set a user
  }),
};

for (const [name, test] of Object.entries(tests)) {
  await test();
  console.log(`ok: ${name}`);
}
