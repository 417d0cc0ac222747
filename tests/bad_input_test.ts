/** What every public function does with arguments, and a `this`, that it cannot use. */

import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  Context,
  ContextVar,
  createTask,
  currentContext,
  RuntimeError,
  Token,
} from "@contextvars/contextvars";
import { inTask, setsEverywhere } from "./harness.ts";

/** Calls what the types refuse. */
// deno-lint-ignore no-explicit-any -- that is what this file is about
type Anything = any;
const anything = (value: unknown): Anything => value;

inTask("ContextVar() refuses a name that is not a string", () => {
  const make = (name: unknown) => () => new ContextVar(anything(name));
  const expected = "the name of a ContextVar must be a string, got ";
  assertThrows(make(undefined), TypeError, `${expected}undefined`);
  assertThrows(make(null), TypeError, `${expected}null`);
  assertThrows(make(1), TypeError, `${expected}a number`);
  assertThrows(make(1n), TypeError, `${expected}a bigint`);
  assertThrows(make(Symbol("user")), TypeError, `${expected}a symbol`);
  assertThrows(make({}), TypeError, `${expected}an object of class "Object"`);
  assertThrows(make(new String("user")), TypeError, `${expected}an object of class "String"`);
  assertThrows(make(function user() {}), TypeError, `${expected}a function`);
});

inTask("ContextVar() refuses a name whose class cannot be read", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const make = (name: unknown) => () => new ContextVar(anything(name));
  const expected = 'must be a string, got an object of class ""';
  assertThrows(make(proxy), TypeError, expected);
  assertThrows(make(Object.create(null)), TypeError, expected);
  assertThrows(make(Object.create({ constructor: { name: 1 } })), TypeError, expected);
});

inTask("Errors name the class of what they got, and never its value", ({ user, context }) => {
  const json = JSON.parse('{ "constructor": { "name": "hunter2" } }');
  const messages = [
    () => new ContextVar(json),
    () => new ContextVar("user", anything("hunter2")),
    () => new ContextVar("user", anything({ hunter2: 1 })),
    () => new ContextVar("user", anything({ defaultFactory: "hunter2" })),
    () => user.run(anything(() => {}), anything("hunter2")),
    () => user.reset(anything("hunter2")),
    () => Reflect.apply(user.set, "hunter2", [1]),
    () => Reflect.apply(user.get, function hunter2() {}, []),
    () => new (anything(Context))("hunter2"),
    () => context.has(anything(Symbol("hunter2"))),
    () => context.equals(json),
    () => createTask(anything("hunter2")),
  ].map((call) => assertThrows(call, TypeError).message);
  assertEquals(messages.filter((message) => message.includes("hunter2")), []);
});

inTask("ContextVar() refuses options that are not an object", () => {
  const make = (options: unknown) => () => new ContextVar("user", anything(options));
  assertThrows(make(null), TypeError, `the options of <ContextVar "user"> must be an object`);
  assertThrows(make("guest"), TypeError, "{ default: value }, got a string");
  assertThrows(make(() => "guest"), TypeError, "must be an object");
});

inTask("ContextVar() refuses a default together with a defaultFactory", () => {
  const options = { default: undefined, defaultFactory: () => 1 };
  assertThrows(
    () => new ContextVar("user", anything(options)),
    TypeError,
    `the options of <ContextVar "user"> have both a default and a defaultFactory; leave one out`,
  );
});

inTask("ContextVar() refuses a defaultFactory that is not a function", () => {
  const make = (defaultFactory: unknown) => () =>
    new ContextVar("user", anything({ defaultFactory }));
  const expected = `the options of <ContextVar "user"> must have a function as defaultFactory, got`;
  assertThrows(make([]), TypeError, `${expected} an object of class "Array"`);
  assertThrows(make(undefined), TypeError, `${expected} undefined`);
});

inTask("ContextVar() takes own options only", () => {
  const inherited = Object.create({ default: "inherited", defaultFactory: () => "inherited" });
  assertEquals(new ContextVar<string>("user", inherited).get("none"), "none");
  assertThrows(() => new ContextVar<string>("user", inherited).get(), Error, "no default");
});

inTask("ContextVar() cannot be called without new", () => {
  assertThrows(() => anything(ContextVar)("user"), TypeError);
});

setsEverywhere("ContextVar.reset() refuses what is not a Token", ({ user }) => {
  user.set("alice");
  const reset = (token: unknown) => () => user.reset(anything(token));
  const expected = "ContextVar.reset() needs a Token, got ";
  assertThrows(reset(undefined), TypeError, `${expected}undefined; pass what set() returned`);
  assertThrows(reset(null), TypeError, `${expected}null`);
  assertThrows(reset("token"), TypeError, `${expected}a string`);
  assertThrows(reset(user), TypeError, `${expected}an object of class "ContextVar"`);
  assertThrows(reset({}), TypeError, `${expected}an object of class "Object"`);
  assertEquals(user.get(), "alice");
});

inTask("ContextVar.reset() refuses an object made from a Token's prototype", ({ user }) => {
  const forged = Object.create(user.set("alice"));
  assertThrows(() => user.reset(forged), TypeError, "needs a Token");
  assertEquals(user.get(), "alice");
});

inTask("ContextVar.run() refuses what is not a function", ({ user }) => {
  const run = (fn: unknown) => () => user.run("alice", anything(fn));
  const expected = "ContextVar.run() needs a function, got ";
  assertThrows(run(undefined), TypeError, `${expected}undefined; the value comes first`);
  assertThrows(run(Promise.resolve()), TypeError, `${expected}an object of class "Promise"`);
  assertEquals(user.get(), "nobody");
});

inTask("ContextVar.run() refuses an object with the methods of a function", ({ user }) => {
  assertThrows(() => user.run("alice", anything({ call() {}, apply() {} })), TypeError);
});

inTask("ContextVar's methods refuse another this", () => {
  const { get, set, reset, run } = ContextVar.prototype;
  const token = new ContextVar<unknown>("user").set("alice");
  const other = Object.create(new ContextVar("user"));
  assertThrows(
    () => Reflect.apply(get, undefined, []),
    TypeError,
    "ContextVar.get was called on undefined; call it as a method of a ContextVar",
  );
  assertThrows(() => Reflect.apply(get, other, ["fallback"]), TypeError, "ContextVar.get was");
  assertThrows(() => Reflect.apply(set, new Proxy(new ContextVar("user"), {}), [1]), TypeError);
  assertThrows(() => Reflect.apply(set, {}, [1]), TypeError, "ContextVar.set was called on an");
  assertThrows(() => Reflect.apply(reset, null, [token]), TypeError, "ContextVar.reset was");
  assertThrows(() => Reflect.apply(run, other, [1, () => 1]), TypeError, "ContextVar.run was");
  assertThrows(() => other.name, TypeError);
});

inTask("A method that is passed on alone says which line to write", ({ user, context }) => {
  const line = (method: Anything, expected: string) =>
    assertThrows(() => context.run(method), TypeError, expected);
  line(user.get, "call it as a method of a ContextVar: context.run(() => variable.get())");
  line(user.set, "call it as a method of a ContextVar: context.run(() => variable.set(value))");
  line(user.reset, "call it as a method of a ContextVar: context.run(() => variable.reset(token))");
  line(user.run, "call it as a method of a ContextVar: variable.run(value, fn)");
  line(context.run, "call it as a method of a Context: context.run(fn)");
  assertEquals(context.size, 0);
});

inTask("Token() cannot be made by a user", () => {
  assertThrows(
    () => new (anything(Token))(),
    RuntimeError,
    "Tokens can only be created by ContextVars; call set() on one",
  );
  assertThrows(() => Reflect.construct(Token, [Symbol("secret")]), RuntimeError);
  assertThrows(() => new (class extends anything(Token) {})(), RuntimeError);
});

inTask("Token's methods refuse another this", () => {
  const other = Object.create(new ContextVar("user").set("alice"));
  assertThrows(() => other.var, TypeError);
  assertThrows(() => other.oldValue, TypeError);
  assertThrows(() => other[Symbol.dispose](), TypeError);
});

inTask("Token's properties are read-only", ({ user }) => {
  const token = user.set("alice");
  assertThrows(() => Object.assign(token, { var: new ContextVar("other") }), TypeError);
  assertThrows(() => Object.assign(token, { oldValue: "forged" }), TypeError);
  assertStrictEquals(token.var, user);
  assertStrictEquals(token.oldValue, Token.MISSING);
});

inTask("Context.run() refuses what is not a function", ({ context }) => {
  const expected = "Context.run() needs a function, got ";
  assertThrows(
    () => context.run(anything(Promise.resolve())),
    TypeError,
    `${expected}an object of class "Promise"; pass the function itself, not its result`,
  );
  assertThrows(() => context.run(anything("fn")), TypeError, `${expected}a string`);
});

inTask("Context.bind() refuses what is not a function, when it is called", () => {
  assertThrows(
    () => new Context().bind(anything(null)),
    TypeError,
    "Context.bind() needs a function, got null",
  );
});

inTask("Context.bind() makes a function that cannot be called with new", () => {
  const bound = new Context().bind(function User() {});
  assertThrows(() => Reflect.construct(bound, []), TypeError);
});

inTask("Context.forEach() refuses what is not a function, also where it is empty", () => {
  assertThrows(
    () => new Context().forEach(anything({})),
    TypeError,
    `Context.forEach() needs a function, got an object of class "Object"`,
  );
});

inTask("Context.get() and has() refuse a key that is not a ContextVar", () => {
  const context = currentContext();
  const expected = "a ContextVar key was expected, got ";
  assertThrows(() => context.get(anything("user")), TypeError, `${expected}a string`);
  assertThrows(() => context.get(anything(undefined), 1), TypeError, `${expected}undefined`);
  assertThrows(() => context.has(anything(null)), TypeError, `${expected}null`);
  assertThrows(
    () => context.has(anything({})),
    TypeError,
    `${expected}an object of class "Object"`,
  );
  const forged = Object.create(new ContextVar("user"));
  assertThrows(
    () => context.has(forged),
    TypeError,
    `${expected}an object of class "ContextVar"`,
  );
});

inTask("Context's methods refuse another this", () => {
  const other: Context = Object.create(new Context());
  assertThrows(
    () => other.run(() => 1),
    TypeError,
    `Context.run was called on an object of class "Context" that this module has not ` +
      "made; call it as a method of a Context",
  );
  assertThrows(() => other.bind(() => 1), TypeError);
  assertThrows(() => other.copy(), TypeError);
  assertThrows(() => other.get(new ContextVar("user")), TypeError);
  assertThrows(() => other.size, TypeError);
});

inTask("Context() refuses arguments", () => {
  assertThrows(
    () => new (anything(Context))(currentContext()),
    TypeError,
    'new Context() takes no arguments, got an object of class "Context"; ' +
      "copyContext() makes a context that has values",
  );
  assertThrows(() => new (anything(Context))(undefined), TypeError, "takes no arguments");
});

inTask("Context.equals() refuses what is not a Context", ({ context }) => {
  const foreign = Object.create(Context.prototype);
  assertThrows(
    () => context.equals(anything(new Map())),
    TypeError,
    'Context.equals() needs a Context, got an object of class "Map"',
  );
  assertThrows(() => context.equals(anything(null)), TypeError, "Context, got null");
  assertThrows(() => context.equals(foreign), TypeError, "that this module has not");
});

inTask("ContextVar() refuses a property that is not an option", () => {
  const make = (options: object) => () => new ContextVar("user", anything(options));
  assertThrows(
    make({ defualt: 1 }),
    TypeError,
    'the options of <ContextVar "user"> have a property that is not an option; ' +
      "use default or defaultFactory",
  );
  assertThrows(make({ default: 1, [Symbol("x")]: 2 }), TypeError, "not an option");
  assertEquals(make({})().get(undefined), undefined);
});

inTask("createTask() throws at once where it is given no function", () => {
  const start = (fn: unknown) => () => createTask(anything(fn));
  const expected = "createTask() needs a function, got ";
  assertThrows(
    start(Promise.resolve()),
    TypeError,
    `${expected}an object of class "Promise"; pass the function itself, not its result`,
  );
  assertThrows(start(undefined), TypeError, `${expected}undefined`);
});
