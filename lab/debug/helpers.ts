/** What the programs share: a clock, their pieces of work, and programs that are racy or not. */

import { AsyncLocalStorage } from "node:async_hooks";
import { ContextVar } from "@contextvars/contextvars";

export type Program = (given: Given) => Promise<unknown>;

/** What a program gets: a variable of its own, and what it does with that most often. */
export class Given {
  // deno-lint-ignore no-explicit-any -- each program has values of its own
  readonly v: ContextVar<any> = new ContextVar("v", { default: 0 });
  /** Says that a read gave something else than the author expects. */
  isWrong = false;
  readonly see = (got: unknown, wanted: unknown): void => {
    this.isWrong ||= got !== wanted;
  };
  readonly expect = async (it: unknown, ms = 1): Promise<void> => {
    await sleep(ms);
    this.see(this.v.get(), it);
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
    await this.work(it, ms);
  };
}

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

/** Three messages that come one after the other. */
export async function* messages(): AsyncGenerator<string, void> {
  for (const it of "abc") {
    yield it;
    await sleep();
  }
}

/** Workers that take their jobs from one list: right where there is only one. */
export function pool(workers: number): Program {
  return async ({ work }) => {
    const jobs = [1, 2, 3, 4, 5, 6];
    async function worker(): Promise<void> {
      for (let it = jobs.shift(); it !== undefined; it = jobs.shift()) await work(it, 1 + it % 3);
    }
    await Promise.all(Array.from({ length: workers }, worker));
  };
}

/** A walk through a tree of three levels: right where it visits a node's children in turn. */
export function walk(order: "in turn" | "in parallel"): Program {
  return async ({ v, see }) => {
    async function visit(level: number, children: number): Promise<void> {
      using _token = v.set(v.get() + 1);
      await sleep();
      see(v.get(), level);
      const visits = Array.from({ length: children }, () => () => visit(level + 1, children - 1));
      if (order === "in parallel") await Promise.all(visits.map((it) => it()));
      else for (const it of visits) await it();
    }
    await visit(1, 2);
    see(v.get(), 0);
  };
}
