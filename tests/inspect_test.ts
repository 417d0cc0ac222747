import { assertEquals, assertStringIncludes } from "@std/assert";
import { inspect } from "node:util";
import { Context, ContextVar, copyContext } from "@contextvars/contextvars";
import { inTask } from "./harness.ts";

Deno.test("ContextVar prints its name", () =>
  inTask(() => {
    assertEquals(inspect(new ContextVar("user")), "ContextVar { name: 'user' }");
  }));

Deno.test("ContextVar prints its default", () =>
  inTask(() => {
    assertEquals(
      inspect(new ContextVar("user", { default: { guest: true } })),
      "ContextVar { name: 'user', default: { guest: true } }",
    );
  }));

Deno.test("ContextVar prints a default of undefined", () =>
  inTask(() => {
    const user = new ContextVar<undefined>("user", { default: undefined });
    assertEquals(inspect(user), "ContextVar { name: 'user', default: undefined }");
  }));

Deno.test("ContextVar prints its defaultFactory, and does not call it", () =>
  inTask(() => {
    const user = new ContextVar("user", {
      defaultFactory: function makeUser() {
        throw new Error("called");
      },
    });
    assertEquals(
      inspect(user),
      "ContextVar { name: 'user', defaultFactory: [Function: makeUser] }",
    );
  }));

Deno.test("Token prints variable, old value and that it is not used", () =>
  inTask(() => {
    const user = new ContextVar<string>("user");
    user.set("alice");
    assertEquals(
      inspect(user.set("bob")),
      "Token { var: ContextVar { name: 'user' }, oldValue: 'alice', used: false }",
    );
  }));

Deno.test("Token prints that there was no value, and that it is used", () =>
  inTask(() => {
    const user = new ContextVar<string>("user");
    const token = user.set("bob");
    user.reset(token);
    assertEquals(
      inspect(token, { breakLength: 120 }),
      "Token { var: ContextVar { name: 'user' }, oldValue: Symbol(Token.MISSING), used: true }",
    );
  }));

Deno.test("Context prints its size and entries", () =>
  inTask(() => {
    const user = new ContextVar<string>("user");
    const context = new Context();
    assertEquals(inspect(context), "Context(0) {}");
    context.run(() => user.set("alice"));
    assertEquals(inspect(context), "Context(1) { ContextVar { name: 'user' } => 'alice' }");
  }));

Deno.test("Context prints [Circular] where it holds itself", () =>
  inTask(() => {
    const holder = new ContextVar<Context>("holder");
    const context = new Context();
    context.run(() => holder.set(context));
    assertEquals(
      inspect(context),
      "Context(1) { ContextVar { name: 'holder' } => [Circular] }",
    );
  }));

Deno.test("Context prints in short below the depth that is asked for", () =>
  inTask(() => {
    assertEquals(
      inspect({ a: { context: new Context() } }, { depth: 1 }),
      "{ a: { context: [Context] } }",
    );
  }));

Deno.test("Context prints each of many cycles once, at whatever depth is asked for", () =>
  inTask(() => {
    const context = new Context();
    context.run(() => {
      for (let i = 0; i < 20; i++) new ContextVar<object>(`holder${i}`).set({ context });
    });
    const shown = [inspect(context, { depth: null }), inspect(context, { depth: Infinity })];
    assertEquals(shown.map((text) => text.split("[Circular]").length - 1), [20, 20]);
  }));

Deno.test("ContextVar, Token and Context print where only the prototype is theirs", () =>
  inTask(() => {
    const user = new ContextVar<string>("user");
    assertEquals(inspect(Object.create(user)), "ContextVar {}");
    assertEquals(inspect(Object.create(user.set("alice"))), "Token {}");
    assertEquals(inspect(Object.create(new Context())), "Context {}");
  }));

Deno.test("ContextVar as a string is short, and names the variable", () =>
  inTask(() => {
    assertEquals(String(new ContextVar("user")), `<ContextVar "user">`);
    assertEquals(
      String(new ContextVar(`a "quoted"\nname`)),
      `<ContextVar "a \\"quoted\\"\\nname">`,
    );
    assertEquals(String(new ContextVar("x".repeat(100))), `<ContextVar "${"x".repeat(60)}…">`);
  }));

Deno.test("Token as a string is short, and names the variable", () =>
  inTask(() => {
    assertEquals(String(new ContextVar("user").set(1)), `<Token of <ContextVar "user">>`);
  }));

Deno.test("Context as a string tells its size", () =>
  inTask(() => {
    const context = new Context();
    context.run(() => new ContextVar("user").set(1));
    assertEquals(String(context), "<Context of size 1>");
  }));

Deno.test("ContextVar prints a name of sixty characters whole, and cuts a longer one", () =>
  inTask(() => {
    const name = "x".repeat(60);
    assertEquals(String(new ContextVar(name)), `<ContextVar "${name}">`);
    assertEquals(String(new ContextVar(`${name}x`)), `<ContextVar "${name}…">`);
  }));

Deno.test("Context prints its variables in short at depth 0, and what they hold at depth 1", () =>
  inTask(() => {
    const user = new ContextVar<object>("user", { default: { name: { first: "Guest" } } });
    const context = user.run({ name: "alice" }, () => copyContext());
    assertEquals(inspect(context, { depth: 0 }), "Context(1) { [ContextVar] => [Object] }");
    assertStringIncludes(inspect(context, { depth: 1 }), "default: [Object]");
    assertStringIncludes(inspect(context, { depth: 2 }), "name: [Object]");
  }));
