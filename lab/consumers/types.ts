/**
 * What a consumer's compiler must accept of the public types, and refuse: compiled, and never run,
 * by `deno check` and by TypeScript's own compiler (typescript_test.ts).
 *
 * That one knows no runtime here: no types of Node.js, of Deno or of browsers.
 */

// deno-lint-ignore-file contextvars/kept-value contextvars/outside-task -- on purpose

import {
  Context,
  ContextVar,
  type ContextVarOptions,
  createTask,
  LookupError,
  RuntimeError,
  Token,
  ValueError,
} from "@contextvars/contextvars";
import * as servers from "@contextvars/contextvars/servers";
import * as strict from "@contextvars/contextvars/strict";
import { assertType, type IsExact } from "@std/testing/types";

// What is imported for what it does is a module in its types too.
{
  const modules: object[] = [servers, strict];
  void modules;
}

const count = new ContextVar<number>("count", { default: 0 });
const flag = new ContextVar("flag", { default: true as boolean });

// ContextVar() infers its type from a default.
{
  assertType<IsExact<typeof flag, ContextVar<boolean>>>(true);
}

// ContextVar() infers its type from a defaultFactory.
{
  const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
  assertType<IsExact<typeof log, ContextVar<string[]>>>(true);
}

// ContextVar() without a type is of unknown.
{
  const variable = new ContextVar("variable");
  assertType<IsExact<typeof variable, ContextVar<unknown>>>(true);
}

// ContextVar() refuses wrong names and options.
{
  const _refused = () => [
    // @ts-expect-error: no name
    new ContextVar(),
    // @ts-expect-error: the name is not a string
    new ContextVar(1),
    // @ts-expect-error: the default is of another type
    new ContextVar<number>("count", { default: "0" }),
    // @ts-expect-error: the factory makes another type
    new ContextVar<number>("count", { defaultFactory: () => "0" }),
    // @ts-expect-error: the factory is not a function
    new ContextVar<number>("count", { defaultFactory: 0 }),
    // @ts-expect-error: both
    new ContextVar<number>("count", { default: 0, defaultFactory: () => 0 }),
    // @ts-expect-error: neither
    new ContextVar<number>("count", {}),
    // @ts-expect-error: no such option
    new ContextVar<number>("count", { default: 0, factory: 0 }),
  ];
}

// ContextVarOptions is either a default or a defaultFactory.
{
  const one: ContextVarOptions<number> = { default: 0 };
  const other: ContextVarOptions<number> = { defaultFactory: () => 0 };
  new ContextVar("count", [one, other][0]);
}

// ContextVar.get() gives the variable's type, with or without a default.
{
  const bare = new ContextVar<string>("bare");
  const readBare = () => bare.get();
  assertType<IsExact<ReturnType<typeof readBare>, string>>(true);
  const readDefault = () => count.get();
  assertType<IsExact<ReturnType<typeof readDefault>, number>>(true);
}

// ContextVar.get() has the variable's type where a type is inferred from it.
{
  assertType<IsExact<ReturnType<ContextVar<string>["get"]>, string>>(true);
}

// ContextVar.get() gives the variable's type or the fallback's.
{
  const withNull = count.get(null);
  assertType<IsExact<typeof withNull, number | null>>(true);
  const withUndefined = count.get(undefined);
  assertType<IsExact<typeof withUndefined, number | undefined>>(true);
  const ofSameType = count.get(1 as number);
  assertType<IsExact<typeof ofSameType, number>>(true);
}

// ContextVar.set() refuses another type, and gives the variable's token.
{
  const token = count.set(1);
  assertType<IsExact<typeof token, Token<number>>>(true);
  const _refused = () => [
    // @ts-expect-error: a string for a number
    count.set("1"),
    // @ts-expect-error: no value
    count.set(),
    // @ts-expect-error: undefined for a number
    count.set(undefined),
  ];
}

// ContextVar.reset() refuses a token of another type.
{
  const _refused = () => {
    // @ts-expect-error: a token of a boolean
    count.reset(flag.set(true));
    // @ts-expect-error: no token
    count.reset(undefined);
  };
}

// ContextVar.run() types value, arguments and result.
{
  const result = count.run(1, (a: string, b: boolean) => [a, b] as const, "a", true);
  assertType<IsExact<typeof result, readonly [string, boolean]>>(true);
  const pending = count.run(1, () => Promise.resolve("done"));
  assertType<IsExact<typeof pending, Promise<string>>>(true);
  const _refused = () => [
    // @ts-expect-error: a string for a number
    count.run("1", () => {}),
    // @ts-expect-error: an argument of the wrong type
    count.run(1, (a: string) => a, 2),
    // @ts-expect-error: an argument too few
    count.run(1, (a: string) => a),
    // @ts-expect-error: an argument too many
    count.run(1, () => {}, 1),
  ];
}

// ContextVar.name is a string, and read-only.
{
  assertType<IsExact<typeof count.name, string>>(true);
  const _refused = () => {
    // @ts-expect-error: read-only
    count.name = "other";
  };
}

// ContextVar<T> cannot be taken for one of a narrower type.
{
  const wide = new ContextVar<number | boolean>("wide");
  const _refused = () => {
    // @ts-expect-error: a boolean could be read through it
    const narrow: ContextVar<number> = wide;
    return narrow;
  };
}

// Token.var and oldValue have the variable's type.
{
  const token = count.set(1);
  assertType<IsExact<typeof token.var, ContextVar<number>>>(true);
  assertType<IsExact<typeof token.oldValue, number | typeof Token.MISSING>>(true);
}

// Token.MISSING is told apart from a value by comparing.
{
  const { oldValue } = count.set(1);
  const value = oldValue === Token.MISSING ? undefined : oldValue;
  assertType<IsExact<typeof value, number | undefined>>(true);
}

// Token() cannot be called.
{
  // @ts-expect-error: the constructor is private
  const _refused = () => new Token();
}

// Token is Disposable.
{
  const _disposable: Disposable = count.set(1);
}

// Context.run() types arguments and result.
{
  const context = new Context();
  const result = context.run((a: number, b?: string) => [a, b] as const, 1);
  assertType<IsExact<typeof result, readonly [number, string | undefined]>>(true);
  const _refused = () => [
    // @ts-expect-error: an argument of the wrong type
    context.run((a: number) => a, "1"),
    // @ts-expect-error: no function
    context.run(Promise.resolve()),
  ];
}

// Context.bind() keeps the function's parameters and result.
{
  const handler = (path: string, info: { remote: string }) =>
    Promise.resolve(`${path} ${info.remote}`);
  const bound = new Context().bind(handler);
  assertType<IsExact<Parameters<typeof bound>, Parameters<typeof handler>>>(true);
  assertType<IsExact<ReturnType<typeof bound>, Promise<string>>>(true);
}

// Context.bind() gives a callback the types of the parameters that its place asks for.
{
  type Listener = (event: { readonly data: string }) => void;
  const _listener: Listener = new Context().bind(({ data }) => void data.length);
  const _nullable: Listener | null = new Context().bind(({ data }) => void data.length);
}

// Context.get() gives undefined or the fallback's type too.
{
  const context = new Context();
  const value = context.get(count);
  assertType<IsExact<typeof value, number | undefined>>(true);
  const withFallback = context.get(count, "none" as string);
  assertType<IsExact<typeof withFallback, number | string>>(true);
}

// Context takes variables of any type as keys, and nothing else.
{
  const context = new Context();
  assertType<IsExact<ReturnType<typeof context.has>, boolean>>(true);
  const taken: boolean[] = [context.has(count), context.has(flag)];
  const _refused = () => {
    // @ts-expect-error: a string is not a variable
    context.has("count");
    // @ts-expect-error: a string is not a variable
    context.get("count");
    // @ts-expect-error: read-only
    context.size = taken.length;
  };
}

// Context iterates over pairs of a variable and an unknown value.
{
  const entries = [...new Context()];
  assertType<IsExact<typeof entries, [ContextVar<unknown>, unknown][]>>(true);
  assertType<IsExact<ReturnType<Context["keys"]>, IterableIterator<ContextVar<unknown>>>>(true);
  assertType<IsExact<ReturnType<Context["values"]>, IterableIterator<unknown>>>(true);
}

// createTask() awaits what the function returns.
{
  const plain = createTask(() => 1 as number);
  assertType<IsExact<typeof plain, Promise<number>>>(true);
  const promised = createTask((a: string) => Promise.resolve(a), "a");
  assertType<IsExact<typeof promised, Promise<string>>>(true);
  const nothing = createTask(async () => {});
  assertType<IsExact<typeof nothing, Promise<void>>>(true);
  const _refused = () => [
    // @ts-expect-error: an argument of the wrong type
    createTask((a: string) => a, 1),
    // @ts-expect-error: a promise is not a function
    createTask(Promise.resolve()),
  ];
}

// LookupError, ValueError and RuntimeError are told apart from other errors.
{
  const _LookupError: Error = new LookupError("message");
  const _ValueError: Error = new ValueError("message");
  const _RuntimeError: Error = new RuntimeError("message");
}

/** Overloaded, as Express declares its `next`. */
interface Next {
  (error?: unknown): void;
  (deferTo: "router"): void;
}

// Context.run(), ContextVar.run() and createTask() take an overloaded function.
{
  const next: Next = () => {};
  const _ran: void = new Context().run(next);
  const _given: void = count.run(1, next);
  const _task: Promise<void> = createTask(next);
}

// Context.run(), ContextVar.run() and createTask() take functions that need no `this`, as apps have.
{
  class Service {
    list(): string[] {
      return [];
    }
  }
  const app = { fetch: (path: string, env?: object): string | Promise<string> => `${path}${env}` };
  const context = new Context();
  const _ran: string[] = context.run(new Service().list);
  const _given = count.run(1, app.fetch, "/");
  const _task = createTask(async (path: string) => await app.fetch(path, {}), "/");
  const _bound: { (path: string): unknown; listener?: unknown } = context.bind(app.fetch);
}

// Context.run(), ContextVar.run() and createTask() refuse a method that loses its object.
{
  const context = new Context();
  const _refused = () => [
    // @ts-expect-error: write () => count.set(1)
    context.run(count.set, 1),
    // @ts-expect-error: write () => count.get()
    context.run(count.get),
    // @ts-expect-error: write () => count.get(2)
    count.run(1, count.get, 2),
    // @ts-expect-error: write () => count.reset(token)
    createTask(count.reset, count.set(1)),
    // @ts-expect-error: write () => context.run(double, 1)
    createTask(context.run, (value: number) => 2 * value, 1),
    // @ts-expect-error: write () => context.copy()
    context.run(context.copy),
    // @ts-expect-error: write () => count.run(1, () => {})
    context.run(count.run, 1, () => {}),
    // @ts-expect-error: needs a `this`
    createTask(function (this: Date) {}),
  ];
  // bind() passes `this` on.
  const _method: (this: ContextVar<number>, value: number) => unknown = context.bind(count.set);
}

// Context.run(), ContextVar.run() and createTask() find missing arguments.
{
  const double = (value: number): number => 2 * value;
  const _refused = () => [
    // @ts-expect-error: the argument is missing
    new Context().run(double),
    // @ts-expect-error: the argument is missing
    count.run(1, double),
    // @ts-expect-error: the argument is missing
    createTask(double),
  ];
}

// ContextVar.get() and Context.get() take an empty object or array for the type.
{
  const options = new ContextVar<{ readonly verbose?: boolean }>("options");
  const lines = new ContextVar<string[]>("lines");
  const _options: { readonly verbose?: boolean } = options.get({});
  const got = lines.get([]);
  assertType<IsExact<typeof got, string[]>>(true);
  const found = new Context().get(lines, []);
  assertType<IsExact<typeof found, string[]>>(true);
}

// Context.bind() promises none of the function's properties.
{
  const app = Object.assign((path: string) => path.length, { get: (path: string) => path });
  const bound = new Context().bind(app);
  const _called = () => bound("/").toFixed();
  // @ts-expect-error: it has no methods
  const _refused = () => bound.get("/");
}

// Context.bind() keeps overloads and type parameters.
{
  const next: Next = () => {};
  const _bound: Next = new Context().bind(next);
  const list = new Context().bind(<T>(item: T): T[] => [item]);
  const _numbers = (): number[] => list(1);
  const wrap = <F extends () => unknown>(fn: F): F => new Context().bind(fn);
  const _wrapped: () => string = wrap(() => "text");
}

// Context() takes no arguments.
{
  // @ts-expect-error: an argument
  const _refused = () => new Context(1);
}
