/** The faked clocks of node:test and sinon: an await keeps its context, and so does a callback. */

import { strictEqual } from "node:assert/strict";
import { it, mock } from "node:test";
import FakeTimers from "@sinonjs/fake-timers";
import { ContextVar } from "@contextvars/contextvars";
import { keepContexts } from "../shared/keep_contexts.ts";

const user = new ContextVar("user", { default: "anonymous" });

async function remind(seen: string[]): Promise<void> {
  setImmediate(() => seen.push(user.get()));
  setTimeout(() => seen.push(user.get()), 1000);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  seen.push(user.get());
}

async function remindAlice(tick: (ms: number) => void): Promise<void> {
  keepContexts();
  const seen: string[] = [];
  const reminded = user.run("alice", remind, seen);
  tick(1000);
  await reminded;
  strictEqual(seen.join(), "alice,alice,alice");
}

it("reminds alice, by the clock of node:test", async () => {
  mock.timers.enable();
  await remindAlice((ms) => mock.timers.tick(ms));
  mock.timers.reset();
});

it("reminds alice, by the clock of sinon", async () => {
  const clock = FakeTimers.install();
  await remindAlice((ms) => clock.tick(ms));
  clock.uninstall();
});

it("has the real clock again", async () => {
  await new Promise((resolve) => setTimeout(resolve, 1));
});

// wrong, not kept: keepContexts();\n ~> \n
// run on Deno: test -A programs/runners/clock.spec.ts
// run on Node.js 24: --test programs/runners/clock.spec.ts
