/** node:test: a value for one test. What `beforeEach` sets does not arrive. */

import { strictEqual } from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ContextVar } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "anonymous" });
const role = new ContextVar("role", { default: "none" });

async function greet(): Promise<string> {
  await Promise.resolve();
  return `hello, ${user.get()}`;
}

beforeEach(() => void user.set("set in beforeEach"));

test("greets alice", () =>
  user.run("alice", async () => {
    strictEqual(await greet(), "hello, alice");
  }));

test("greets nobody, although beforeEach has set a user", async () => {
  strictEqual(await greet(), "hello, anonymous");
});

test("sets a role", () => void role.set("admin"));

test("does not see the role that the test before has set", () => {
  strictEqual(role.get(), "none");
});
