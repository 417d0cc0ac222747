/** node:test, Vitest, mocha and bun:test: a value for a test, a context for each, fixtures, a spy. */

import { strictEqual } from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
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

describe("with a value", () => {
  it("greets bob", () =>
    user.run("bob", async () => {
      strictEqual(await greet(), "hello, bob");
    }));
});

describe("with a fixture", () => {
  let context: Context;

  beforeEach(() => {
    context = new Context();
    return context.run(async () => {
      user.set(await findUser());
    });
  });

  it("greets alice", () =>
    context.run(async () => {
      strictEqual(await greet(), "hello, alice");
    }));

  it("changes the user", () => context.run(() => void user.set("carol")));

  it("greets alice again", () =>
    context.run(async () => {
      strictEqual(await greet(), "hello, alice");
    }));
});

describe("with a context for each test", () => {
  const inContext = (body: () => void | Promise<void>) => () => new Context().run(body);

  it("sets a user", inContext(() => void user.set("bob")));

  it(
    "greets nobody",
    inContext(async () => {
      strictEqual(await greet(), "hello, anonymous");
    }),
  );
});

describe("with a spy", () => {
  it("sends as alice", async () => {
    const contexts: Context[] = [];
    const send = () => contexts.push(copyContext());
    await user.run("alice", async () => {
      await greet();
      send();
    });
    strictEqual(contexts[0]!.get(user), "alice");
  });
});

// wrong, set in beforeEach: return context.run(async () => {\n      user.set(await findUser());\n    }); ~> user.set("alice");
// wrong, without a value: user.run("bob", ~> Promise.resolve().then(
// run on Deno: test -A programs/runners/fixtures.spec.ts
// run on Node.js 24: --test programs/runners/fixtures.spec.ts
// run on Node.js 24, with vitest: ../node_modules/vitest/vitest.mjs run --root=programs/runners fixtures.spec.ts
// run on Node.js 24, with mocha: ../node_modules/mocha/bin/mocha.js programs/runners/fixtures.spec.ts
// run on Bun, with bun:test: test ./programs/runners/fixtures.spec.ts
