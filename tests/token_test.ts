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
import { everywhere, outside, test } from "./helpers.ts";

everywhere("Token.var is the variable whose set() made it", () => {
  const user = new ContextVar<string>("user");
  assertStrictEquals(user.set("alice").var, user);
});

everywhere("Token.oldValue is what the variable had before", () => {
  const user = new ContextVar<string | undefined>("user");
  user.set(undefined);
  assertStrictEquals(user.set("alice").oldValue, undefined);
  assertStrictEquals(user.set("bob").oldValue, "alice");
});

everywhere("Token.oldValue is Token.MISSING where there was no value, default or not", () => {
  const user = new ContextVar("user", { default: "default" });
  assertStrictEquals(user.set("alice").oldValue, Token.MISSING);
});

test("Token.oldValue stays the same when the token is used", () => {
  const user = new ContextVar<string>("user");
  user.set("alice");
  const token = user.set("bob");
  user.reset(token);
  assertEquals(token.oldValue, "alice");
});

test("Token.MISSING is a unique symbol", () => {
  assertEquals(typeof Token.MISSING, "symbol");
  assertEquals(String(Token.MISSING), "Symbol(Token.MISSING)");
});

everywhere("Token, used twice, is refused by reset() with a RuntimeError", () => {
  const user = new ContextVar<string>("user");
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

everywhere("Token of another variable is refused by reset(), and stays usable", () => {
  const user = new ContextVar<string>("user");
  const tenant = new ContextVar<string>("tenant");
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

test("Token made in another context is refused by reset(), and stays usable", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  const token = context.run(() => user.set("alice"));
  user.set("bob");
  assertThrows(
    () => user.reset(token),
    ValueError,
    `<Token of <ContextVar "user">> was created in a different Context`,
  );
  assertEquals([user.get(), context.get(user)], ["bob", "alice"]);
  context.run(() => user.reset(token));
  assertEquals(context.has(user), false);
});

test("Token made before a copy is refused inside the copy", () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  const reset = () => user.reset(token);
  assertThrows(() => copyContext().run(reset), ValueError, "different Context");
  reset();
  assertEquals(user.get("nobody"), "nobody");
});

test("Token made in a task is refused by the task that awaits it", async () => {
  const user = new ContextVar<string>("user");
  const token = await createTask(() => user.set("alice"));
  assertThrows(() => user.reset(token), ValueError, "different Context");
});

outside("Token made outside any task is refused inside a task, and stays usable", async () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  await createTask(() => {
    assertThrows(() => user.reset(token), ValueError, "different Context");
    assertEquals(user.get(), "alice");
  });
  user.reset(token);
  assertEquals(user.get("nobody"), "nobody");
});

outside("Token made in a task is refused outside any task", () => {
  const user = new ContextVar<string>("user");
  const token = new Context().run(() => user.set("alice"));
  assertThrows(() => user.reset(token), ValueError, "different Context");
});

test("Token is checked for use before it is checked for its variable", () => {
  const user = new ContextVar<string>("user");
  const tenant = new ContextVar<string>("tenant");
  const token = user.set("alice");
  user.reset(token);
  assertThrows(() => tenant.reset(token), RuntimeError, "already been used");
});

test("Token is checked for its variable before it is checked for its context", () => {
  const user = new ContextVar<string>("user");
  const tenant = new ContextVar<string>("tenant");
  const token = new Context().run(() => user.set("alice"));
  assertThrows(() => tenant.reset(token), ValueError, "different ContextVar");
});

test("Token is checked for use before it is checked for its context", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  const token = context.run(() => user.set("alice"));
  context.run(() => user.reset(token));
  assertThrows(() => user.reset(token), RuntimeError, "already been used");
});

everywhere("Token undoes its set where a block with using ends", () => {
  const user = new ContextVar("user", { default: "nobody" });
  {
    using _token = user.set("alice");
    assertEquals(user.get(), "alice");
  }
  assertEquals(user.get(), "nobody");
});

everywhere("Token undoes its set where a block with using throws", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const fail = () => {
    using _token = user.set("alice");
    throw new RangeError("failed");
  };
  assertThrows(fail, RangeError, "failed");
  assertEquals(user.get(), "nobody");
});

test("Token[Symbol.dispose]() undoes the set after an await", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  {
    using _token = user.set("alice");
    await Promise.resolve();
    assertEquals(user.get(), "alice");
  }
  assertEquals(user.get(), "nobody");
});

everywhere("Token[Symbol.dispose]() does nothing after a reset", () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  user.reset(token);
  user.set("bob");
  token[Symbol.dispose]();
  assertEquals(user.get(), "bob");
});

everywhere("Token[Symbol.dispose]() uses the token up", () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  token[Symbol.dispose]();
  user.set("bob");
  token[Symbol.dispose]();
  assertThrows(() => user.reset(token), RuntimeError, "already been used");
  assertEquals(user.get(), "bob");
});

test("Token[Symbol.dispose]() undoes the set in its own context from another", async () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  const token = context.run(() => user.set("alice"));
  user.set("bob");
  await createTask(() => token[Symbol.dispose]());
  assertEquals(user.get(), "bob");
  assertEquals(context.has(user), false);
});

test("Token[Symbol.dispose]() works in an async generator that another task closes", async () => {
  const span = new ContextVar("span", { default: "none" });
  async function* rows(): AsyncGenerator<string> {
    using _token = span.set("query");
    yield span.get();
    yield "never asked for";
  }
  const reader = rows();
  assertEquals((await reader.next()).value, "query");
  assertEquals(span.get(), "query");
  await createTask(() => {
    span.set("of the closing task");
    return reader.return(undefined).then(() => assertEquals(span.get(), "of the closing task"));
  });
  assertEquals(span.get(), "none");
});

outside("Token[Symbol.dispose]() of a token from outside does nothing inside a task", () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  new Context().run(() => {
    user.set("bob");
    token[Symbol.dispose]();
    assertEquals(user.get(), "bob");
  });
  assertEquals(user.get(), "alice");
  user.reset(token);
  assertEquals(user.get("nobody"), "nobody");
});

outside("Token[Symbol.dispose]() of a token from a task works outside any task", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  const token = context.run(() => user.set("alice"));
  token[Symbol.dispose]();
  assertEquals(context.has(user), false);
});
