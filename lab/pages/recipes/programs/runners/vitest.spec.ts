/** vitest: a value for one test. What `beforeEach` sets arrives from the top level of a file only. */

import { beforeEach, describe, expect, test } from "vitest";
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
    expect(await greet()).toBe("hello, alice");
  }));

test("greets whom beforeEach has set", async () => {
  expect(await greet()).toBe("hello, set in beforeEach");
});

describe("with a beforeEach of its own", () => {
  beforeEach(() => void user.set("set in describe"));

  test("greets whom the outer beforeEach has set", async () => {
    expect(await greet()).toBe("hello, set in beforeEach");
  });
});

test("sets a role", () => void role.set("admin"));

test("does not see the role that the test before has set", () => {
  expect(role.get()).toBe("none");
});
