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

Deno.test("Token.var is the variable whose set() made it", () =>
  setsEverywhere(() => {
    const user = new ContextVar<string>("user");
    assertStrictEquals(user.set("alice").var, user);
  }));

Deno.test("Token.oldValue is what the variable had before", () =>
  setsEverywhere(() => {
    const user = new ContextVar<string | undefined>("user");
    user.set(undefined);
    assertStrictEquals(user.set("alice").oldValue, undefined);
    assertStrictEquals(user.set("bob").oldValue, "alice");
  }));

Deno.test("Token.oldValue is Token.MISSING where there was no value, default or not", () =>
  setsEverywhere(() => {
    const user = new ContextVar("user", { default: "default" });
    assertStrictEquals(user.set("alice").oldValue, Token.MISSING);
  }));

Deno.test("Token.oldValue stays the same when the token is used", () =>
  inTask(() => {
    const user = new ContextVar<string>("user");
    user.set("alice");
    const token = user.set("bob");
    user.reset(token);
    assertEquals(token.oldValue, "alice");
  }));

Deno.test("Token.MISSING is a unique symbol", () =>
  inTask(() => {
    assertEquals(typeof Token.MISSING, "symbol");
    assertEquals(String(Token.MISSING), "Symbol(Token.MISSING)");
  }));

Deno.test("Token, used twice, is refused by reset() with a RuntimeError", () =>
  setsEverywhere(() => {
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
  }));

Deno.test("Token of another variable is refused by reset(), and stays usable", () =>
  setsEverywhere(() => {
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
  }));

Deno.test("Token made in another context is refused by reset(), and stays usable", () =>
  inTask(() => {
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
  }));

Deno.test("Token made before a copy is refused inside the copy", () =>
  inTask(() => {
    const user = new ContextVar<string>("user");
    const token = user.set("alice");
    const reset = () => user.reset(token);
    assertThrows(() => copyContext().run(reset), ValueError);
    reset();
    assertEquals(user.get("nobody"), "nobody");
  }));

Deno.test("Token made in a task is refused by the task that awaits it", () =>
  inTask(async () => {
    const user = new ContextVar<string>("user");
    const token = await createTask(() => user.set("alice"));
    assertThrows(() => user.reset(token), ValueError);
  }));

Deno.test("Token made outside any task is refused inside a task, and stays usable", () =>
  setsOutside(async () => {
    const user = new ContextVar<string>("user");
    const token = user.set("alice");
    await createTask(() => {
      assertThrows(() => user.reset(token), ValueError);
      assertEquals(user.get(), "alice");
    });
    user.reset(token);
    assertEquals(user.get("nobody"), "nobody");
  }));

Deno.test("Token made in a task is refused outside any task", () =>
  outsideTasks(() => {
    const user = new ContextVar<string>("user");
    const token = new Context().run(() => user.set("alice"));
    assertThrows(() => user.reset(token), ValueError);
  }));

Deno.test("Token is checked for use before it is checked for its variable", () =>
  inTask(() => {
    const user = new ContextVar<string>("user");
    const tenant = new ContextVar<string>("tenant");
    const token = user.set("alice");
    user.reset(token);
    assertThrows(() => tenant.reset(token), RuntimeError);
  }));

Deno.test("Token is checked for its variable before it is checked for its context", () =>
  inTask(() => {
    const user = new ContextVar<string>("user");
    const tenant = new ContextVar<string>("tenant");
    const token = new Context().run(() => user.set("alice"));
    assertThrows(() => tenant.reset(token), ValueError, "different ContextVar");
  }));

Deno.test("Token is checked for use before it is checked for its context", () =>
  inTask(() => {
    const user = new ContextVar<string>("user");
    const context = new Context();
    const token = context.run(() => user.set("alice"));
    context.run(() => user.reset(token));
    assertThrows(() => user.reset(token), RuntimeError);
  }));

Deno.test("Token undoes its set where a block with using ends", () =>
  setsEverywhere(() => {
    const user = new ContextVar("user", { default: "nobody" });
    {
      using _token = user.set("alice");
      assertEquals(user.get(), "alice");
    }
    assertEquals(user.get(), "nobody");
  }));

Deno.test("Token undoes its set where a block with using throws", () =>
  setsEverywhere(() => {
    const user = new ContextVar<string>("user");
    user.set("alice");
    const fail = () => {
      using _token = user.set("bob");
      throw new RangeError("failed");
    };
    assertThrows(fail, RangeError, "failed");
    assertEquals(user.get(), "alice");
  }));

Deno.test("Token[Symbol.dispose]() undoes the set after an await", () =>
  inTask(async () => {
    const user = new ContextVar("user", { default: "nobody" });
    {
      using _token = user.set("alice");
      await Promise.resolve();
      assertEquals(user.get(), "alice");
    }
    assertEquals(user.get(), "nobody");
  }));

Deno.test("Token[Symbol.dispose]() does nothing after a reset", () =>
  setsEverywhere(() => {
    const user = new ContextVar<string>("user");
    const token = user.set("alice");
    user.reset(token);
    user.set("bob");
    token[Symbol.dispose]();
    assertEquals(user.get(), "bob");
  }));

Deno.test("Token[Symbol.dispose]() uses the token up", () =>
  setsEverywhere(() => {
    const user = new ContextVar<string>("user");
    const token = user.set("alice");
    token[Symbol.dispose]();
    user.set("bob");
    token[Symbol.dispose]();
    assertThrows(() => user.reset(token), RuntimeError);
    assertEquals(user.get(), "bob");
  }));

Deno.test("Token[Symbol.dispose]() undoes the set in its own context from another", () =>
  inTask(async () => {
    const user = new ContextVar<string>("user");
    const context = new Context();
    const token = context.run(() => user.set("alice"));
    user.set("bob");
    await createTask(() => token[Symbol.dispose]());
    assertEquals(user.get(), "bob");
    assertEquals(context.has(user), false);
  }));

Deno.test("Token[Symbol.dispose]() works in an async generator that another task closes", () =>
  inTask(async () => {
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
  }));

Deno.test("Token[Symbol.dispose]() undoes the set where a for await loop ends early", () =>
  inTask(async () => {
    const span = new ContextVar("span", { default: "none" });
    async function* rows(): AsyncGenerator<string> {
      using _token = span.set("query");
      yield span.get();
      yield "never asked for";
    }
    const seen: string[] = [];
    for await (const row of rows()) {
      seen.push(row, span.get());
      break;
    }
    assertEquals([...seen, span.get()], ["query", "query", "none"]);
  }));

Deno.test("Token[Symbol.dispose]() inside a task takes a value from outside back outside", () =>
  setsOutside(() => {
    const user = new ContextVar<string>("user");
    const token = user.set("alice");
    new Context().run(() => {
      user.set("bob");
      token[Symbol.dispose]();
      assertEquals(user.get(), "bob");
    });
    assertEquals(user.get("nobody"), "nobody");
  }));

Deno.test("Token[Symbol.dispose]() of a token from a task works outside any task", () =>
  outsideTasks(() => {
    const user = new ContextVar<string>("user");
    const context = new Context();
    const token = context.run(() => user.set("alice"));
    token[Symbol.dispose]();
    assertEquals(context.has(user), false);
  }));
