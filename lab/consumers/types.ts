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
import { expectTypeOf } from "expect-type";

/** Overloaded, as Express declares its `next`. */
interface Next {
  (error?: unknown): void;
  (deferTo: "router"): void;
}

const count = new ContextVar<number>("count", { default: 0 });
const flag = new ContextVar("flag", { default: true as boolean });
const lines = new ContextVar("lines", { defaultFactory: (): string[] => [] });
const options = new ContextVar<{ readonly verbose?: boolean }>("options");
const wide = new ContextVar<number | boolean>("wide");
const token = count.set(1);
const context = new Context();

const next: Next = () => {};
const double = (value: number): number => 2 * value;
const handler = (path: string, { remote }: { remote: string }) => Promise.resolve(path + remote);
// These need no `this`, as is usual with services, and with the apps of web frameworks.
declare const service: { list(): string[] };
const app = { fetch: (path: string, env?: object): string | Promise<string> => `${path}${env}` };
const callable = Object.assign(double, { get: (path: string) => path });
const bound = context.bind(callable);

/* What is given. */

// What is imported for what it does is a module in its types too.
expectTypeOf([servers, strict]).toExtend<object[]>();

// ContextVar() infers its type from a default or a factory; without any it is of unknown.
expectTypeOf(flag).toEqualTypeOf<ContextVar<boolean>>();
expectTypeOf(lines).toEqualTypeOf<ContextVar<string[]>>();
expectTypeOf(new ContextVar("variable")).toEqualTypeOf<ContextVar<unknown>>();
expectTypeOf(count.name).toEqualTypeOf<string>();

// ContextVar.get() gives the variable's type or the fallback's, also where it is inferred from `get`.
expectTypeOf(new ContextVar<string>("bare").get()).toEqualTypeOf<string>();
expectTypeOf(count.get()).toEqualTypeOf<number>();
expectTypeOf<ReturnType<ContextVar<string>["get"]>>().toEqualTypeOf<string>();
expectTypeOf(count.get(null)).toEqualTypeOf<number | null>();
expectTypeOf(count.get(undefined)).toEqualTypeOf<number | undefined>();
expectTypeOf(count.get(1 as number)).toEqualTypeOf<number>();

// ContextVar.set() takes a value of that type, and reset() a token.
expectTypeOf(count.set).parameters.toEqualTypeOf<[value: number]>();
expectTypeOf(count.reset).parameters.toEqualTypeOf<[token: Token<number>]>();

// ContextVar.run() types its result.
expectTypeOf(count.run(1, (a: string, b: boolean) => [a, b] as const, "a", true))
  .toEqualTypeOf<readonly [string, boolean]>();
expectTypeOf(count.run(1, () => Promise.resolve("done"))).toEqualTypeOf<Promise<string>>();

// Token has the variable's type, and Token.MISSING is told apart from a value by comparing.
expectTypeOf(token).toEqualTypeOf<Token<number>>();
expectTypeOf(token).toExtend<Disposable>();
expectTypeOf(token.var).toEqualTypeOf<ContextVar<number>>();
expectTypeOf(token.oldValue).toEqualTypeOf<number | typeof Token.MISSING>();
const { oldValue } = token;
expectTypeOf(oldValue === Token.MISSING ? undefined : oldValue)
  .toEqualTypeOf<number | undefined>();

// Context.run() types its result, and bind() keeps the function's parameters and result.
expectTypeOf(context.run((a: number, b?: string) => [a, b] as const, 1))
  .toEqualTypeOf<readonly [number, string | undefined]>();
expectTypeOf(context.bind(handler)).parameters.toEqualTypeOf<Parameters<typeof handler>>();
expectTypeOf(context.bind(handler)).returns.toEqualTypeOf<Promise<string>>();
expectTypeOf(bound(1)).toEqualTypeOf<number>();

// Context() is empty, and a mapping from variables of any type to unknown values.
expectTypeOf(context.get(count)).toEqualTypeOf<number | undefined>();
expectTypeOf(context.get(count, "none" as string)).toEqualTypeOf<number | string>();
expectTypeOf(Context).constructorParameters.toEqualTypeOf<[]>();
expectTypeOf(context.has).parameters.toEqualTypeOf<[variable: ContextVar<unknown>]>();
expectTypeOf([context.has(count), context.has(flag)]).toEqualTypeOf<boolean[]>();
expectTypeOf([...context]).toEqualTypeOf<[ContextVar<unknown>, unknown][]>();
expectTypeOf(context.keys()).toEqualTypeOf<IterableIterator<ContextVar<unknown>>>();
expectTypeOf(context.values()).toEqualTypeOf<IterableIterator<unknown>>();

// createTask() awaits what the function returns.
expectTypeOf(createTask(() => 1 as number)).toEqualTypeOf<Promise<number>>();
expectTypeOf(createTask((a: string) => Promise.resolve(a), "a")).toEqualTypeOf<Promise<string>>();
expectTypeOf(createTask(async () => {})).toEqualTypeOf<Promise<void>>();

/* What is accepted. */

// ContextVarOptions is either a default or a defaultFactory.
const one: ContextVarOptions<number> = { default: 0 };
const other: ContextVarOptions<number> = { defaultFactory: () => 0 };
new ContextVar("count", [one, other][0]);

// LookupError, ValueError and RuntimeError are errors, made from a message.
const _errors: Error[] = [LookupError, ValueError, RuntimeError].map((it) => new it("message"));

// ContextVar.get() and Context.get() take an empty object or array for the type.
const _options: { readonly verbose?: boolean } = options.get({});
expectTypeOf(lines.get([])).toEqualTypeOf<string[]>();
expectTypeOf(context.get(lines, [])).toEqualTypeOf<string[]>();

// Context.run(), ContextVar.run() and createTask() take an overloaded function.
const _ran: void = context.run(next);
const _given: void = count.run(1, next);
const _task: Promise<void> = createTask(next);

// They take functions that need no `this`.
const _list: string[] = context.run(service.list);
const _fetched = count.run(1, app.fetch, "/");
const _fetching = createTask(async (path: string) => await app.fetch(path, {}), "/");

// Context.bind() passes `this` on, gives a callback the types that its place asks for, and keeps
// overloads and type parameters.
type Listener = (event: { readonly data: string }) => void;
const _app: { (path: string): unknown; listener?: unknown } = context.bind(app.fetch);
const _method: (this: ContextVar<number>, value: number) => unknown = context.bind(count.set);
const _listener: Listener = context.bind(({ data }) => void data.length);
const _nullable: Listener | null = context.bind(({ data }) => void data.length);
const _next: Next = context.bind(next);
const list = context.bind(<T>(item: T): T[] => [item]);
const _numbers: number[] = list(1);
const wrap = <F extends () => unknown>(fn: F): F => context.bind(fn);
const _wrapped: () => string = wrap(() => "text");

/* What is refused. */

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
  // @ts-expect-error: a boolean could be read through it
  wide satisfies ContextVar<number>,
  // @ts-expect-error: read-only
  count.name = "other",
  // @ts-expect-error: a token of a boolean
  count.reset(flag.set(true)),
  // @ts-expect-error: a string for a number
  count.run("1", () => {}),
  // @ts-expect-error: an argument of the wrong type
  count.run(1, (a: string) => a, 2),
  // @ts-expect-error: an argument too few
  count.run(1, double),
  // @ts-expect-error: an argument too many
  count.run(1, () => {}, 1),
  // @ts-expect-error: the constructor is private
  new Token(),
  // @ts-expect-error: an argument of the wrong type
  context.run(double, "1"),
  // @ts-expect-error: an argument too few
  context.run(double),
  // @ts-expect-error: no function
  context.run(Promise.resolve()),
  // @ts-expect-error: what bind() gives has none of the function's properties
  bound.get("/"),
  // @ts-expect-error: a string is not a variable
  context.get("count"),
  // @ts-expect-error: read-only
  context.size = 1,
  // @ts-expect-error: an argument of the wrong type
  createTask(double, "1"),
  // @ts-expect-error: an argument too few
  createTask(double),
  // @ts-expect-error: a promise is not a function
  createTask(Promise.resolve()),

  // A method that loses its object:
  // @ts-expect-error: write () => count.set(1)
  context.run(count.set, 1),
  // @ts-expect-error: write () => count.get()
  context.run(count.get),
  // @ts-expect-error: write () => count.get(2)
  count.run(1, count.get, 2),
  // @ts-expect-error: write () => count.reset(token)
  createTask(count.reset, token),
  // @ts-expect-error: write () => context.run(double, 1)
  createTask(context.run, double, 1),
  // @ts-expect-error: write () => context.copy()
  context.run(context.copy),
  // @ts-expect-error: write () => count.run(1, () => {})
  context.run(count.run, 1, () => {}),
  // @ts-expect-error: needs a `this`
  createTask(function (this: Date) {}),
];
