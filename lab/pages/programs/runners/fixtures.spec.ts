/** node:test, Vitest, mocha and bun:test: a value for a test, a context for each, fixtures, a spy. */

import { strictEqual } from "node:assert/strict";
import { it } from "node:test";
import { Context, ContextVar, copyContext } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "anonymous" });

async function findUser(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return "alice";
}

async function greet(): Promise<string> {
  await Promise.resolve();
  return `hello, ${user.get()}`;
}

it("greets bob", () =>
  user.run("bob", async () => {
    strictEqual(await greet(), "hello, bob");
  }));

const asAlice = <A extends unknown[]>(body: (...args: A) => void | Promise<void>) => (...args: A) =>
  new Context().run(async () => {
    user.set(await findUser());
    await body(...args);
  });

it(
  "greets alice",
  asAlice(async () => {
    strictEqual(await greet(), "hello, alice");
  }),
);

it("greets nobody", () =>
  new Context().run(async () => {
    strictEqual(await greet(), "hello, anonymous");
  }));

it("sends as alice", async () => {
  const contexts: Context[] = [];
  const send = () => contexts.push(copyContext());
  await user.run("alice", async () => {
    await greet();
    send();
  });
  strictEqual(contexts[0]!.get(user), "alice");
});

// wrong, no fixture: user.set(await findUser()); ~> await findUser();
// wrong, without a value: user.run("bob", ~> Promise.resolve().then(
// run on Deno: test -A programs/runners/fixtures.spec.ts
// run on Node.js 24: --test programs/runners/fixtures.spec.ts
// run on Node.js 24, with vitest: ../node_modules/vitest/vitest.mjs run --root=programs/runners fixtures.spec.ts
// run on Node.js 24, with mocha: ../node_modules/mocha/bin/mocha.js programs/runners/fixtures.spec.ts
// run on Bun, with bun:test: test ./programs/runners/fixtures.spec.ts
