import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  RuntimeError,
  Token,
  ValueError,
} from "@contextvars/contextvars";
import { inTask, outsideTasks, setsEverywhere, setsOutside } from "./harness.ts";

setsEverywhere("Token.var is the variable whose set() made it", ({ user }) => {
  assertStrictEquals(user.set("alice").var, user);
});

setsEverywhere("Token.oldValue is what the variable had before", () => {
  const user = new ContextVar<string | undefined>("user");
  user.set(undefined);
  assertStrictEquals(user.set("alice").oldValue, undefined);
  assertStrictEquals(user.set("bob").oldValue, "alice");
});

setsEverywhere("Token.oldValue is Token.MISSING where there was no value, default or not", () => {
  const user = new ContextVar("user", { default: "default" });
  assertStrictEquals(user.set("alice").oldValue, Token.MISSING);
});

inTask("Token.oldValue stays the same when the token is used", ({ user }) => {
  user.set("alice");
  const token = user.set("bob");
  user.reset(token);
  assertEquals(token.oldValue, "alice");
});

inTask("Token.MISSING is a unique symbol", () => {
  assertEquals(typeof Token.MISSING, "symbol");
  assertEquals(String(Token.MISSING), "Symbol(Token.MISSING)");
});

setsEverywhere("Token, used twice, is refused by reset() with a RuntimeError", ({ user }) => {
  user.set("alice");
  const token = user.set("bob");
  user.reset(token);
  user.set("carol");
  assertThrows(
    () => user.reset(token),
    RuntimeError,
    `<Token of <ContextVar "user">> has already been used once`,
  );
  assertEquals(user.get(), "carol");
});

setsEverywhere("Token of another variable is refused, and stays usable", ({ user, tenant }) => {
  const token = user.set("alice");
  tenant.set("acme");
  assertThrows(
    () => tenant.reset(token),
    ValueError,
    `<Token of <ContextVar "user">> was created by a different ContextVar`,
  );
  assertEquals([user.get(), tenant.get()], ["alice", "acme"]);
  user.reset(token);
  assertEquals(user.get("nobody"), "nobody");
});

inTask("Token made in another context is refused, and stays usable", ({ user, context }) => {
  const token = context.run(() => user.set("alice"));
  user.set("bob");
  assertThrows(
    () => user.reset(token),
    ValueError,
    `<Token of <ContextVar "user">> was created in a different Context; reset it in the task that has ` +
      "set it, or undo the set from anywhere with token[Symbol.dispose]()",
  );
  assertEquals([user.get(), context.get(user)], ["bob", "alice"]);
  context.run(() => user.reset(token));
  assertEquals(context.has(user), false);
});

inTask("Token made before a copy is refused inside the copy", ({ user }) => {
  const token = user.set("alice");
  const reset = () => user.reset(token);
  assertThrows(() => copyContext().run(reset), ValueError);
  reset();
  assertEquals(user.get("nobody"), "nobody");
});

setsOutside("Token from outside is refused inside a task, and stays usable", async ({ user }) => {
  const token = user.set("alice");
  await createTask(() => {
    assertThrows(() => user.reset(token), ValueError);
    assertEquals(user.get(), "alice");
  });
  user.reset(token);
  assertEquals(user.get("nobody"), "nobody");
});

outsideTasks("Token made in a task is refused outside any task", ({ user }) => {
  const token = new Context().run(() => user.set("alice"));
  assertThrows(() => user.reset(token), ValueError);
});

inTask("Token is checked for use before its variable", ({ user, tenant }) => {
  const token = user.set("alice");
  user.reset(token);
  assertThrows(() => tenant.reset(token), RuntimeError);
});

inTask("Token is checked for its variable before its context", ({ user, tenant }) => {
  const token = new Context().run(() => user.set("alice"));
  assertThrows(() => tenant.reset(token), ValueError, "different ContextVar");
});

inTask("Token is checked for use before its context", ({ user, context }) => {
  const token = context.run(() => user.set("alice"));
  context.run(() => user.reset(token));
  assertThrows(() => user.reset(token), RuntimeError);
});

setsEverywhere("Token undoes its set where a block with using ends", async ({ user }) => {
  {
    using _token = user.set("alice");
    await Promise.resolve();
    assertEquals(user.get(), "alice");
  }
  assertEquals(user.get(), "nobody");
});

setsEverywhere("Token undoes its set where a block with using throws", ({ user }) => {
  user.set("alice");
  const fail = () => {
    using _token = user.set("bob");
    throw new RangeError("failed");
  };
  assertThrows(fail, RangeError, "failed");
  assertEquals(user.get(), "alice");
});

setsEverywhere("Token[Symbol.dispose]() does nothing after a reset", ({ user }) => {
  const token = user.set("alice");
  user.reset(token);
  user.set("bob");
  token[Symbol.dispose]();
  assertEquals(user.get(), "bob");
});

setsEverywhere("Token[Symbol.dispose]() uses the token up", ({ user }) => {
  const token = user.set("alice");
  token[Symbol.dispose]();
  user.set("bob");
  token[Symbol.dispose]();
  assertThrows(() => user.reset(token), RuntimeError);
  assertEquals(user.get(), "bob");
});

inTask("Token[Symbol.dispose]() undoes the set from another context", async ({ user, context }) => {
  const token = context.run(() => user.set("alice"));
  user.set("bob");
  await createTask(() => token[Symbol.dispose]());
  assertEquals(user.get(), "bob");
  assertEquals(context.has(user), false);
});

async function* rows(span: ContextVar<string>): AsyncGenerator<string> {
  using _token = span.set("query");
  yield span.get();
  yield "never asked for";
}

inTask("Token[Symbol.dispose]() works in an async generator that another task closes", async () => {
  const span = new ContextVar("span", { default: "none" });
  const reader = rows(span);
  assertEquals((await reader.next()).value, "query");
  assertEquals(span.get(), "query");
  await createTask(() => {
    span.set("of the closing task");
    return reader.return(undefined).then(() => assertEquals(span.get(), "of the closing task"));
  });
  assertEquals(span.get(), "none");
});

inTask("Token[Symbol.dispose]() undoes the set where a for await loop ends early", async () => {
  const span = new ContextVar("span", { default: "none" });
  const seen: string[] = [];
  for await (const row of rows(span)) {
    seen.push(row, span.get());
    break;
  }
  assertEquals([...seen, span.get()], ["query", "query", "none"]);
});

setsOutside("Token[Symbol.dispose]() in a task takes a value back outside", ({ user }) => {
  const token = user.set("alice");
  new Context().run(() => {
    user.set("bob");
    token[Symbol.dispose]();
    assertEquals(user.get(), "bob");
  });
  assertEquals(user.get("nobody"), "nobody");
});

outsideTasks("Token[Symbol.dispose]() outside works for a token from a task", ({ user }) => {
  const context = new Context();
  const token = context.run(() => user.set("alice"));
  token[Symbol.dispose]();
  assertEquals(context.has(user), false);
});
