/**
 * What a consumer's TypeScript must accept of the package's types, and refuse.
 *
 * The compiler knows no runtime here: no types of Node.js, of Deno or of browsers.
 */

import {
  Context,
  ContextVar,
  type ContextVarOptions,
  copyContext,
  createTask,
  currentContext,
  LookupError,
  RuntimeError,
  Token,
  ValueError,
} from "@contextvars/contextvars";

/** A type that is `true` where two types are the same one; `any` is the same as itself only. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

/** Accepted where the types are the same. */
function same<A, B>(..._proof: Same<A, B> extends true ? [] : [never]): void {}

const count = new ContextVar("count", { default: 0 as number });
const user = new ContextVar<string>("user");
const log = new ContextVar("log", { defaultFactory: (): string[] => [] });
const options: ContextVarOptions<boolean> = { default: true };
const flag = new ContextVar("flag", options);

same<typeof count, ContextVar<number>>();
same<typeof log, ContextVar<string[]>>();
same<typeof flag, ContextVar<boolean>>();
// @ts-expect-error: the check itself refuses what is not the same
same<typeof count, ContextVar<string>>();

export async function main(): Promise<string> {
  same<ReturnType<typeof user.get<null>>, string | null>();
  const token = count.set(count.get() + 1);
  same<typeof token, Token<number>>();
  same<typeof token.var, ContextVar<number>>();
  if (token.oldValue !== Token.MISSING) same<typeof token.oldValue, number>();
  count.reset(token);
  {
    using held: Token<string> = user.set("alice");
    log.get().push(held.var.name);
  }
  const sum = await createTask((a: number, b?: number) => Promise.resolve(a + (b ?? 0)), 1);
  same<typeof sum, number>();
  const tuple = user.run("bob", (a: string, b: boolean) => [a, b] as const, "a", true);
  same<typeof tuple, readonly [string, boolean]>();
  const context: Context = copyContext();
  const bound = context.bind((line: string) => line.length);
  same<typeof bound, (line: string) => number>();
  same<ReturnType<typeof context.copy>, Context>();
  const stored = currentContext().get(count);
  same<typeof stored, number | undefined>();
  for (const [variable, value] of context) {
    same<typeof variable, ContextVar<unknown>>();
    same<typeof value, unknown>();
  }
  return [...context.keys()].map(({ name }) => name).join() + context.size + context.has(user);
}

export function reason(error: unknown): string {
  if (error instanceof LookupError) return `lookup: ${error.message}`;
  if (error instanceof ValueError || error instanceof RuntimeError) return error.name;
  return "other";
}

export const refused = (): unknown => [
  // @ts-expect-error: the name is no string
  new ContextVar(1),
  // @ts-expect-error: the default is of another type
  new ContextVar<number>("count", { default: "0" }),
  // @ts-expect-error: both a default and a factory
  new ContextVar<number>("count", { default: 0, defaultFactory: () => 0 }),
  // @ts-expect-error: a string for a number
  count.set("1"),
  // @ts-expect-error: a token of another type
  count.reset(user.set("alice")),
  // @ts-expect-error: an argument of the wrong type
  count.run(1, (a: string) => a, 2),
  // @ts-expect-error: an argument too few
  createTask((a: string) => a),
  // @ts-expect-error: no function
  createTask(Promise.resolve()),
  // @ts-expect-error: only variables are keys
  copyContext().get("count"),
  // @ts-expect-error: made by set only
  new Token(),
  // @ts-expect-error: a context is made empty
  new Context(new Map()),
  // @ts-expect-error: read-only
  count.name = "other",
  // @ts-expect-error: what looks like a variable is none
  copyContext().has({ name: "count" }),
];
