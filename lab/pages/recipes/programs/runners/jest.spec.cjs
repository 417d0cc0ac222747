/** jest, from CommonJS: a value for one test. What `beforeEach` sets does not arrive. */

const { beforeEach, expect, test } = require("@jest/globals");
const { ContextVar } = require("@contextvars/contextvars");

const user = new ContextVar("user", { default: "anonymous" });
const role = new ContextVar("role", { default: "none" });

async function greet() {
  await Promise.resolve();
  return `hello, ${user.get()}`;
}

beforeEach(() => void user.set("set in beforeEach"));

test("greets alice", () =>
  user.run("alice", async () => {
    expect(await greet()).toBe("hello, alice");
  }));

test("greets nobody, although beforeEach has set a user", async () => {
  expect(await greet()).toBe("hello, anonymous");
});

test("sets a role", () => void role.set("admin"));

test("does not see the role that the test before has set", () => {
  expect(role.get()).toBe("none");
});
