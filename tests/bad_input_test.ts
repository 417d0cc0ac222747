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
import { inTask } from "./harness.ts";

/** Calls what the types refuse. */
// deno-lint-ignore no-explicit-any -- that is what this file is about
type Anything = any;
const anything = (value: unknown): Anything => value;

/** Calls that throw a TypeError, and its message; it is "" where the words are the engine's. */
const REFUSED: Record<string, [call: (user: ContextVar<string>) => unknown, message: string]> = {
  "ContextVar() cannot be called without new": [() => anything(ContextVar)("user"), ""],
  "ContextVar() refuses options that are null": [
    () => new ContextVar("user", anything(null)),
    'the options of <ContextVar "user"> must be an object such as { default: value }, got null',
  ],
  "ContextVar() refuses options that are not an object": [
    () => new ContextVar("user", anything(() => "guest")),
    "must be an object such as { default: value }, got a function",
  ],
  "ContextVar() refuses a property that is not an option": [
    () => new ContextVar("user", anything({ defualt: 1 })),
    'the options of <ContextVar "user"> have a property that is not an option; ' +
    "use default or defaultFactory",
  ],
  "ContextVar() refuses a symbol beside its options": [
    () => new ContextVar("user", anything({ default: 1, [Symbol("x")]: 2 })),
    "have a property that is not an option",
  ],
  "ContextVar() refuses a default together with a defaultFactory": [
    () => new ContextVar("user", anything({ default: undefined, defaultFactory: () => 1 })),
    'the options of <ContextVar "user"> have both a default and a defaultFactory; leave one out',
  ],
  "ContextVar() refuses a defaultFactory that is not a function": [
    () => new ContextVar("user", anything({ defaultFactory: [] })),
    'the options of <ContextVar "user"> must have a function as defaultFactory, ' +
    'got an object of class "Array"',
  ],
  "ContextVar() refuses a defaultFactory that is undefined": [
    () => new ContextVar("user", anything({ defaultFactory: undefined })),
    "must have a function as defaultFactory, got undefined",
  ],
  "ContextVar.reset() refuses what is not a Token": [
    (user) => user.reset(anything(undefined)),
    "ContextVar.reset() needs a Token, got undefined; pass what set() returned",
  ],
  "ContextVar.reset() refuses null": [
    (user) => user.reset(anything(null)),
    "ContextVar.reset() needs a Token, got null",
  ],
  "ContextVar.reset() refuses an object made from a Token's prototype": [
    (user) => user.reset(Object.create(user.set("alice"))),
    'needs a Token, got an object of class "Token" that this module has not made',
  ],
  "ContextVar.run() refuses what is not a function": [
    (user) => user.run("alice", anything(undefined)),
    "ContextVar.run() needs a function, got undefined; the value comes first: run(value, fn)",
  ],
  "ContextVar.run() refuses an object with the methods of a function": [
    (user) => user.run("alice", anything({ call() {}, apply() {} })),
    "ContextVar.run() needs a function",
  ],
  "Context() refuses arguments": [
    () => new (anything(Context))(currentContext()),
    'new Context() takes no arguments, got an object of class "Context"; ' +
    "copyContext() makes a context that has values",
  ],
  "Context() refuses undefined": [() => new (anything(Context))(undefined), "takes no arguments"],
  "Context.run() refuses what is not a function": [
    () => new Context().run(anything(Promise.resolve())),
    'Context.run() needs a function, got an object of class "Promise"; ' +
    "pass the function itself, not its result",
  ],
  "Context.bind() refuses what is not a function, when it is called": [
    () => new Context().bind(anything(null)),
    "Context.bind() needs a function, got null",
  ],
  "Context.bind() makes a function that cannot be called with new": [
    () => Reflect.construct(new Context().bind(function User() {}), []),
    "",
  ],
  "Context.equals() refuses what is not a Context": [
    () => new Context().equals(anything(null)),
    "Context.equals() needs a Context, got null",
  ],
  "Context.equals() refuses an object made from a Context's prototype": [
    () => new Context().equals(Object.create(Context.prototype)),
    'needs a Context, got an object of class "Context" that this module has not made',
  ],
  "Context.forEach() refuses what is not a function, also where it is empty": [
    () => new Context().forEach(anything({})),
    'Context.forEach() needs a function, got an object of class "Object"',
  ],
  "Context.get() refuses a key that is not a ContextVar": [
    () => new Context().get(anything("user")),
    "a ContextVar key was expected, got a string",
  ],
  "Context.has() refuses an object made from a ContextVar's prototype": [
    (user) => new Context().has(Object.create(user)),
    'key was expected, got an object of class "ContextVar" that this module has not made',
  ],
  "createTask() throws at once where it is given no function": [
    () => createTask(anything(Promise.resolve())),
    'createTask() needs a function, got an object of class "Promise"; ' +
    "pass the function itself, not its result",
  ],
};

for (const [name, [call, message]] of Object.entries(REFUSED)) {
  inTask(name, ({ user }) => {
    assertThrows(() => call(user), TypeError, message);
  });
}

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

inTask("ContextVar() takes own options only", () => {
  const inherited = Object.create({ default: "inherited", defaultFactory: () => "inherited" });
  assertEquals(new ContextVar<string>("user", inherited).get("none"), "none");
  assertThrows(() => new ContextVar<string>("user", inherited).get(), Error, "no default");
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
