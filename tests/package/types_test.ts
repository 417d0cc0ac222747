/** What the public types promise; `deno check` is what runs these. */

import { assertType, type IsExact } from "@std/testing/types";
import {
  Context,
  ContextVar,
  type ContextVarOptions,
  copyContext,
  createTask,
  type LookupError,
  type RuntimeError,
  Token,
  type ValueError,
} from "@contextvars/contextvars";

const count = new ContextVar<number>("count", { default: 0 });
const flag = new ContextVar("flag", { default: true as boolean });

Deno.test("ContextVar() infers its type from a default", () => {
  assertType<IsExact<typeof flag, ContextVar<boolean>>>(true);
});

Deno.test("ContextVar() infers its type from a defaultFactory", () => {
  const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
  assertType<IsExact<typeof log, ContextVar<string[]>>>(true);
});

Deno.test("ContextVar() without a type is of unknown", () => {
  const variable = new ContextVar("variable");
  assertType<IsExact<typeof variable, ContextVar<unknown>>>(true);
});

Deno.test("ContextVar() refuses wrong names and options", () => {
  const _refused = () => [
    // @ts-expect-error: no name
    new ContextVar(),
    // @ts-expect-error: the name is no string
    new ContextVar(1),
    // @ts-expect-error: the default is of another type
    new ContextVar<number>("count", { default: "0" }),
    // @ts-expect-error: the factory makes another type
    new ContextVar<number>("count", { defaultFactory: () => "0" }),
    // @ts-expect-error: the factory is no function
    new ContextVar<number>("count", { defaultFactory: 0 }),
    // @ts-expect-error: both
    new ContextVar<number>("count", { default: 0, defaultFactory: () => 0 }),
    // @ts-expect-error: neither
    new ContextVar<number>("count", {}),
    // @ts-expect-error: no such option
    new ContextVar<number>("count", { default: 0, factory: 0 }),
  ];
});

Deno.test("ContextVarOptions is either a default or a defaultFactory", () => {
  const one: ContextVarOptions<number> = { default: 0 };
  const other: ContextVarOptions<number> = { defaultFactory: () => 0 };
  assertType<IsExact<typeof one extends ContextVarOptions<number> ? true : false, true>>(true);
  new ContextVar("count", [one, other][0]);
});

Deno.test("ContextVar.get() gives the variable's type, with or without a default", () => {
  const bare = new ContextVar<string>("bare");
  assertType<IsExact<ReturnType<typeof readBare>, string>>(true);
  function readBare() {
    return bare.get();
  }
  assertType<IsExact<ReturnType<typeof readDefault>, number>>(true);
  function readDefault() {
    return count.get();
  }
});

Deno.test("ContextVar.get() has the variable's type where a type is inferred from it", () => {
  assertType<IsExact<ReturnType<ContextVar<string>["get"]>, string>>(true);
});

Deno.test("ContextVar.get() gives the variable's type or the fallback's", () => {
  const withNull = count.get(null);
  assertType<IsExact<typeof withNull, number | null>>(true);
  const withUndefined = count.get(undefined);
  assertType<IsExact<typeof withUndefined, number | undefined>>(true);
  const same = count.get(1 as number);
  assertType<IsExact<typeof same, number>>(true);
});

Deno.test("ContextVar.set() refuses another type, and gives the variable's token", () => {
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
});

Deno.test("ContextVar.reset() refuses a token of another type", () => {
  const _refused = () => {
    // @ts-expect-error: a token of a boolean
    count.reset(flag.set(true));
    // @ts-expect-error: no token
    count.reset(undefined);
  };
});

Deno.test("ContextVar.run() types value, arguments and result", () => {
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
});

Deno.test("ContextVar.name is a string, and read-only", () => {
  assertType<IsExact<typeof count.name, string>>(true);
  const _refused = () => {
    // @ts-expect-error: read-only
    count.name = "other";
  };
});

Deno.test("ContextVar<T> cannot be taken for one of a narrower type", () => {
  const wide = new ContextVar<number | boolean>("wide");
  const _refused = () => {
    // @ts-expect-error: a boolean could be read through it
    const narrow: ContextVar<number> = wide;
    return narrow;
  };
});

Deno.test("Token.var and oldValue have the variable's type", () => {
  const token = count.set(1);
  assertType<IsExact<typeof token.var, ContextVar<number>>>(true);
  assertType<IsExact<typeof token.oldValue, number | typeof Token.MISSING>>(true);
});

Deno.test("Token.MISSING is told apart from a value by comparing", () => {
  const { oldValue } = count.set(1);
  const value = oldValue === Token.MISSING ? undefined : oldValue;
  assertType<IsExact<typeof value, number | undefined>>(true);
});

Deno.test("Token() cannot be called", () => {
  // @ts-expect-error: the constructor is private
  const _refused = () => new Token();
});

Deno.test("Token is Disposable", () => {
  assertType<IsExact<Token<number> extends Disposable ? true : false, true>>(true);
});

Deno.test("Context.run() types arguments and result", () => {
  const context = new Context();
  const result = context.run((a: number, b?: string) => [a, b] as const, 1);
  assertType<IsExact<typeof result, readonly [number, string | undefined]>>(true);
  const _refused = () => [
    // @ts-expect-error: an argument of the wrong type
    context.run((a: number) => a, "1"),
    // @ts-expect-error: no function
    context.run(Promise.resolve()),
  ];
});

Deno.test("Context.bind() keeps the function's type", () => {
  const handler = (request: Request, info: { remote: string }) =>
    Promise.resolve(new Response(`${request.url} ${info.remote}`));
  const bound = new Context().bind(handler);
  assertType<IsExact<typeof bound, typeof handler>>(true);
  const serve: Deno.ServeHandler = copyContext().bind((_request: Request) => new Response());
  assertType<IsExact<typeof serve, Deno.ServeHandler>>(true);
});

Deno.test("Context.get() gives undefined or the fallback's type too", () => {
  const context = new Context();
  const value = context.get(count);
  assertType<IsExact<typeof value, number | undefined>>(true);
  const withFallback = context.get(count, "none" as string);
  assertType<IsExact<typeof withFallback, number | string>>(true);
});

Deno.test("Context takes variables of any type as keys, and nothing else", () => {
  const context = new Context();
  assertType<IsExact<ReturnType<typeof context.has>, boolean>>(true);
  const taken: boolean[] = [context.has(count), context.has(flag)];
  const _refused = () => {
    // @ts-expect-error: a string is no variable
    context.has("count");
    // @ts-expect-error: a string is no variable
    context.get("count");
    // @ts-expect-error: read-only
    context.size = taken.length;
  };
});

Deno.test("Context iterates over pairs of a variable and an unknown value", () => {
  const entries = [...new Context()];
  assertType<IsExact<typeof entries, [ContextVar<unknown>, unknown][]>>(true);
  assertType<IsExact<ReturnType<Context["keys"]>, IterableIterator<ContextVar<unknown>>>>(true);
  assertType<IsExact<ReturnType<Context["values"]>, IterableIterator<unknown>>>(true);
});

Deno.test("createTask() awaits what the function returns", () => {
  const plain = createTask(() => 1 as number);
  assertType<IsExact<typeof plain, Promise<number>>>(true);
  const promised = createTask((a: string) => Promise.resolve(a), "a");
  assertType<IsExact<typeof promised, Promise<string>>>(true);
  const nothing = createTask(async () => {});
  assertType<IsExact<typeof nothing, Promise<void>>>(true);
  const _refused = () => [
    // @ts-expect-error: an argument of the wrong type
    createTask((a: string) => a, 1),
    // @ts-expect-error: a promise is no function
    createTask(Promise.resolve()),
  ];
});

Deno.test("LookupError, ValueError and RuntimeError are told apart from other errors", () => {
  assertType<IsExact<LookupError extends Error ? true : false, true>>(true);
  assertType<IsExact<ValueError extends Error ? true : false, true>>(true);
  assertType<IsExact<RuntimeError extends Error ? true : false, true>>(true);
});

/** Overloaded, as Express declares its `next`. */
interface Next {
  (error?: unknown): void;
  (deferTo: "router"): void;
}

Deno.test("Context.run(), ContextVar.run() and createTask() take an overloaded function", () => {
  const next: Next = () => {};
  const _ran: void = new Context().run(next);
  const _given: void = count.run(1, next);
  const _task: Promise<void> = createTask(next);
});

Deno.test("Context.run(), ContextVar.run() and createTask() find missing arguments", () => {
  const double = (value: number): number => 2 * value;
  const _refused = () => [
    // @ts-expect-error: the argument is missing
    new Context().run(double),
    // @ts-expect-error: the argument is missing
    count.run(1, double),
    // @ts-expect-error: the argument is missing
    createTask(double),
  ];
});

Deno.test("ContextVar.get() and Context.get() take an empty object or array for the type", () => {
  const options = new ContextVar<{ readonly verbose?: boolean }>("options");
  const lines = new ContextVar<string[]>("lines");
  const _options: { readonly verbose?: boolean } = options.get({});
  const got = lines.get([]);
  assertType<IsExact<typeof got, string[]>>(true);
  const found = new Context().get(lines, []);
  assertType<IsExact<typeof found, string[]>>(true);
});

Deno.test("Context.bind() promises none of the function's properties", () => {
  const app = Object.assign((path: string) => path.length, { get: (path: string) => path });
  const bound = new Context().bind(app);
  const _called: number = bound("/");
  // @ts-expect-error: it has no methods
  const _refused = () => bound.get("/");
});

Deno.test("Context.bind() keeps overloads, type parameters and this", () => {
  const next: Next = () => {};
  const _overloaded: Next = new Context().bind(next);
  const list = new Context().bind(<T>(item: T): T[] => [item]);
  const _numbers: number[] = list(1);
  const wrap = <F extends () => unknown>(fn: F): F => new Context().bind(fn);
  const _wrapped: () => string = wrap(() => "text");
});

Deno.test("Context() takes no arguments", () => {
  // @ts-expect-error: an argument
  const _refused = () => new Context(1);
});
