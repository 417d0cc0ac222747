/** mocha: a value for one test. What `beforeEach` sets arrives there, and stays. */

import { strictEqual } from "node:assert/strict";
import { beforeEach, it } from "mocha";
import { ContextVar } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "anonymous" });
const role = new ContextVar("role", { default: "none" });

async function greet(): Promise<string> {
  await Promise.resolve();
  return `hello, ${user.get()}`;
}

beforeEach(() => void user.set("set in beforeEach"));

it("greets alice", () =>
  user.run("alice", async () => {
    strictEqual(await greet(), "hello, alice");
  }));

it("greets whom beforeEach has set", async () => {
  strictEqual(await greet(), "hello, set in beforeEach");
});

it("sets a role", () => void role.set("admin"));

it("sees the role that the test before has set", () => {
  strictEqual(role.get(), "admin");
});
