/** jest, from CommonJS: a fixture, and a faked clock. */

const { strictEqual } = require("node:assert/strict");
const { AsyncLocalStorage } = require("node:async_hooks");
const { test } = require("@jest/globals");
const { Context, ContextVar } = require("@contextvars/contextvars");

const user = new ContextVar("user", { default: "anonymous" });

const asAlice = (body) => () =>
  new Context().run(async () => {
    user.set(await Promise.resolve("alice"));
    await body();
  });

test(
  "greets the fixture's user",
  asAlice(async () => {
    await Promise.resolve();
    strictEqual(user.get(), "alice");
  }),
);

test("calls back as who has set the timer", () => {
  jest.useFakeTimers();
  const fake = globalThis.setTimeout;
  const kept = (callback, ...rest) => fake(AsyncLocalStorage.bind(callback), ...rest);
  globalThis.setTimeout = Object.assign(kept, fake);
  const seen = [];
  user.run("bob", () => setTimeout(() => seen.push(user.get()), 1000));
  jest.advanceTimersByTime(1000);
  jest.useRealTimers();
  strictEqual(seen[0], "bob");
});

test("has the same classes after jest.resetModules()", () => {
  jest.resetModules();
  strictEqual(require("@contextvars/contextvars").ContextVar, ContextVar);
});

// wrong, clock not kept: AsyncLocalStorage.bind(callback) ~> callback
// wrong, no fixture: user.set(await ~> void (await
// run on Node.js 24: --experimental-vm-modules ../node_modules/jest/bin/jest.js --rootDir=programs/runners jest.spec.cjs --config={}
// run on Node.js 24: ../node_modules/jest/bin/jest.js --rootDir=programs/runners jest.spec.cjs --config=programs/shared/jest.config.cjs
