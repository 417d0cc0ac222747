import { assertEquals, assertStringIncludes } from "@std/assert";
import { inspect } from "node:util";
import { Context, ContextVar, copyContext } from "@contextvars/contextvars";
import { inTask } from "./harness.ts";

inTask("ContextVar prints its name", () => {
  assertEquals(inspect(new ContextVar("user")), "ContextVar { name: 'user' }");
});

inTask("ContextVar prints its default", () => {
  const shown = (value: unknown) => inspect(new ContextVar("user", { default: value }));
  assertEquals(
    shown({ guest: true }),
    "ContextVar { name: 'user', default: { guest: true } }",
  );
  assertEquals(shown(undefined), "ContextVar { name: 'user', default: undefined }");
});

inTask("ContextVar prints its defaultFactory, and does not call it", () => {
  const user = new ContextVar("user", {
    defaultFactory: function makeUser() {
      throw new Error("called");
    },
  });
  assertEquals(
    inspect(user),
    "ContextVar { name: 'user', defaultFactory: [Function: makeUser] }",
  );
});

inTask("Token prints its variable and whether it is used, and never the old value", () => {
  const user = new ContextVar<string>("user");
  user.set("secret");
  const token = user.set("bob");
  assertEquals(inspect(token), "Token { var: ContextVar { name: 'user' }, used: false }");
  user.reset(token);
  assertEquals(inspect(token), "Token { var: ContextVar { name: 'user' }, used: true }");
});

inTask("Context prints its size and entries", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  assertEquals(inspect(context), "Context(0) {}");
  context.run(() => user.set("alice"));
  assertEquals(inspect(context), "Context(1) { ContextVar { name: 'user' } => 'alice' }");
});

inTask("Context prints [Circular] where it holds itself", () => {
  const holder = new ContextVar<Context>("holder");
  const context = new Context();
  context.run(() => holder.set(context));
  assertEquals(
    inspect(context),
    "Context(1) { ContextVar { name: 'holder' } => [Circular] }",
  );
});

inTask("Context prints in short below the depth that is asked for", () => {
  assertEquals(
    inspect({ a: { context: new Context() } }, { depth: 1 }),
    "{ a: { context: [Context] } }",
  );
});

inTask("Context prints each of many cycles once, at whatever depth is asked for", () => {
  const context = new Context();
  context.run(() => {
    for (let i = 0; i < 20; i++) new ContextVar<object>(`holder${i}`).set({ context });
  });
  const shown = [inspect(context, { depth: null }), inspect(context, { depth: Infinity })];
  assertEquals(shown.map((text) => text.split("[Circular]").length - 1), [20, 20]);
});

inTask("ContextVar, Token and Context print where only the prototype is theirs", () => {
  const user = new ContextVar<string>("user");
  assertEquals(inspect(Object.create(user)), "ContextVar {}");
  assertEquals(inspect(Object.create(user.set("alice"))), "Token {}");
  assertEquals(inspect(Object.create(new Context())), "Context {}");
});

inTask("ContextVar as a string is short, and names the variable", () => {
  assertEquals(String(new ContextVar("user")), `<ContextVar "user">`);
  assertEquals(
    String(new ContextVar(`a "quoted"\nname`)),
    `<ContextVar "a \\"quoted\\"\\nname">`,
  );
  const name = "x".repeat(60);
  assertEquals(String(new ContextVar(name)), `<ContextVar "${name}">`);
  assertEquals(String(new ContextVar(`${name}x`)), `<ContextVar "${name}…">`);
});

inTask("Token as a string is short, and names the variable", () => {
  assertEquals(String(new ContextVar("user").set(1)), `<Token of <ContextVar "user">>`);
});

inTask("Context as a string tells its size", () => {
  const context = new Context();
  context.run(() => new ContextVar("user").set(1));
  assertEquals(String(context), "<Context of size 1>");
});

inTask("Context prints its variables in short at depth 0, and what they hold at depth 1", () => {
  const user = new ContextVar<object>("user", { default: { name: { first: "Guest" } } });
  const context = user.run({ name: "alice" }, () => copyContext());
  assertEquals(inspect(context, { depth: 0 }), "Context(1) { [ContextVar] => [Object] }");
  assertStringIncludes(inspect(context, { depth: 1 }), "default: [Object]");
  assertStringIncludes(inspect(context, { depth: 2 }), "name: [Object]");
});
