/** What the programs share: a clock, a pool, a queue, and the pieces of work that most are made of. */

import { AsyncLocalStorage } from "node:async_hooks";
import { ContextVar } from "@contextvars/contextvars";

const timers: { readonly due: number; readonly callback: () => void }[] = [];
let now = 0;
let ticks = false;

/**
 * Calls a function later, as `setTimeout` does. The clock goes on only when all else waits, so that
 * a slow machine changes no order.
 */
export function later(callback: () => void, ms = 1): void {
  timers.push({ due: now + ms, callback: AsyncLocalStorage.bind(callback) });
  timers.sort((a, b) => a.due - b.due);
  if (!ticks) setTimeout(tick);
  ticks = true;
}

function tick(): void {
  const { due, callback } = timers.shift()!;
  now = due;
  ticks = timers.length > 0;
  if (ticks) setTimeout(tick);
  callback();
}

/** Waits on that clock. */
export function sleep(ms = 1): Promise<void> {
  return new Promise((resolve) => later(resolve, ms));
}

/** At most `max` calls at once, as p-limit without its AsyncResource. */
export function limit(max: number): (job: () => Promise<void>) => Promise<void> {
  const waiting: (() => void)[] = [];
  return async (job) => {
    if (max === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else max--;
    await job();
    if (waiting.length > 0) waiting.shift()!();
    else max++;
  };
}

/** Hands three messages, one after the other, to a loop that takes them. */
export async function feed(
  serve: (queue: AsyncIterable<string>) => Promise<void>,
): Promise<void> {
  let messages!: ReadableStreamDefaultController<string>;
  const serving = serve(
    new ReadableStream({ start: (controller) => void (messages = controller) }),
  );
  for (const it of "abc") {
    messages.enqueue(it);
    await sleep();
  }
  messages.close();
  await serving;
}

/** Returns a query builder, as the clients of databases have: it asks when it is awaited. */
export function query(ms = 1): PromiseLike<void> {
  return { then: (resolve) => later(() => resolve!(), ms) } as PromiseLike<void>;
}

/** A tree of three levels. */
export interface Tree {
  readonly level: number;
  readonly children: readonly Tree[];
}
const leaf: Tree = { level: 3, children: [] };
export const tree: Tree = {
  level: 1,
  children: [{ level: 2, children: [leaf] }, { level: 2, children: [leaf, leaf] }],
};

/** What a program gets: a variable of its own, and what it does with that most often. */
export class Given {
  // deno-lint-ignore no-explicit-any -- each program has values of its own
  readonly v: ContextVar<any> = new ContextVar("v", { default: 0 });
  /** Says that a read gave something else than the author expects. */
  isWrong = false;
  readonly see = (got: unknown, wanted: unknown): void => {
    this.isWrong ||= got !== wanted;
  };
  /** Sets, waits, and expects what it has set. */
  readonly work = async (it: unknown, ms = 1): Promise<void> => {
    this.v.set(it);
    await sleep(ms);
    this.see(this.v.get(), it);
  };
  /** Waits, as if it asked who it is, and works. */
  readonly late = async (it: unknown, ms = 1): Promise<void> => {
    await sleep();
    this.v.set(it);
    await sleep(ms);
    this.see(this.v.get(), it);
  };
  /** Sets after a wait, for whoever calls. */
  readonly logIn = async (it: unknown, ms = 1): Promise<void> => {
    await sleep(ms);
    this.v.set(it);
  };
  readonly read = async (ms = 1): Promise<unknown> => {
    await sleep(ms);
    return this.v.get();
  };
  readonly expect = async (it: unknown, ms = 1): Promise<void> => {
    this.see(await this.read(ms), it);
  };
}

export interface Program {
  (given: Given): Promise<unknown>;
}
