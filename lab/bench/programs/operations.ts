/**
 * Operations inside a task in which many variables are set.
 *
 *     operations.ts contextvars|Map VARIABLES [OPERATION ...]
 *
 * The loops are what one would write by hand, one for each operation. The variables come in another
 * order than they were made, and a `set` changes the value.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { Context, ContextVar, copyContext, createTask } from "../../../mod.ts";
import { type Loop, measure } from "./measure.ts";

/** How many tasks run at once. */
const BATCH = 100;
/** What a list of so many variables is indexed with. */
const MASK = 2 ** 14 - 1;

const [subject, count, ...wanted] = process.argv.slice(2) as [string, string, ...string[]];
const length = Number(count);
let last: unknown; // what a loop computes reaches it, so that nothing can be left out

const run = subject === "contextvars" ? runOurs : runMap;
const rounds = await run((loops) =>
  measure(
    wanted.length === 0 ? loops : Object.fromEntries(wanted.map((name) => [name, loops[name]!])),
  )
);
console.log(JSON.stringify({ rounds, last: String(last) }));

function runOurs<R>(use: (loops: Record<string, Loop>) => R): R {
  const variables = Array.from({ length }, (_, i) => new ContextVar<number>(`variable${i}`));
  const order = shuffled(variables);
  const unset = new ContextVar<number>("unset");
  const empty = new Context();
  const context = new Context();
  context.run(() => variables.forEach((variable, i) => variable.set(i)));
  return context.run(use, {
    "run"(times) {
      for (let i = 0; i < times; i++) empty.run(nothing);
    },
    "get"(times) {
      for (let i = 0; i < times; i++) last = order[i & MASK]!.get();
    },
    "set"(times) {
      for (let i = 0; i < times; i++) order[i & MASK]!.set(i);
    },
    "set + reset"(times) {
      for (let i = 0; i < times; i++) {
        const variable = order[i & MASK]!;
        variable.reset(variable.set(i));
      }
    },
    "set + reset, unset before"(times) {
      for (let i = 0; i < times; i++) unset.reset(unset.set(i));
    },
    "copy"(times) {
      for (let i = 0; i < times; i++) last = copyContext();
    },
    "copy + enter + set"(times) {
      for (let i = 0; i < times; i++) copyContext().run(() => order[i & MASK]!.set(i));
    },
    async "task"(times) {
      for (let i = 0; i < times; i += BATCH) {
        await Promise.all(
          batch(order, i, times).map((variable) =>
            createTask(async () => {
              variable.set(i);
              await undefined;
              return variable.get();
            })
          ),
        );
      }
    },
  });
}

function runMap<R>(use: (loops: Record<string, Loop>) => R): R {
  const storage = new AsyncLocalStorage<Map<object, number>>();
  const keys = Array.from({ length }, (_, i) => ({ i }));
  const order = shuffled(keys);
  const unset = {};
  const empty = new Map<object, number>();
  return storage.run(new Map(keys.map((key) => [key, key.i])), use, {
    "run"(times) {
      for (let i = 0; i < times; i++) storage.run(empty, nothing);
    },
    "get"(times) {
      for (let i = 0; i < times; i++) last = storage.getStore()!.get(order[i & MASK]!);
    },
    "set"(times) {
      for (let i = 0; i < times; i++) storage.getStore()!.set(order[i & MASK]!, i);
    },
    "set + reset"(times) {
      for (let i = 0; i < times; i++) {
        const key = order[i & MASK]!;
        const map = storage.getStore()!;
        const old = map.get(key)!;
        map.set(key, i);
        storage.getStore()!.set(key, old);
      }
    },
    "set + reset, unset before"(times) {
      for (let i = 0; i < times; i++) {
        storage.getStore()!.set(unset, i);
        storage.getStore()!.delete(unset);
      }
    },
    "copy"(times) {
      for (let i = 0; i < times; i++) last = new Map(storage.getStore());
    },
    "copy + enter + set"(times) {
      for (let i = 0; i < times; i++) {
        storage.run(new Map(storage.getStore()), () => {
          storage.getStore()!.set(order[i & MASK]!, i);
        });
      }
    },
    async "task"(times) {
      for (let i = 0; i < times; i += BATCH) {
        await Promise.all(
          batch(order, i, times).map((key) =>
            storage.run(new Map(storage.getStore()), async () => {
              storage.getStore()!.set(key, i);
              await undefined;
              return storage.getStore()!.get(key);
            })
          ),
        );
      }
    },
  });
}

/** Returns the variables of the next tasks, which run at once. */
function batch<T>(order: readonly T[], i: number, times: number): T[] {
  return order.slice(i & MASK, (i & MASK) + Math.min(BATCH, times - i));
}

/** Returns elements in another order, always the same one, again and again: `MASK + 1` in all. */
function shuffled<T>(elements: readonly T[]): T[] {
  let random = 1;
  const order = elements.map((element) => {
    random = random * 16_807 % 2_147_483_647;
    return { element, random };
  }).sort((a, b) => a.random - b.random);
  return Array.from({ length: MASK + 1 }, (_, i) => order[i % order.length]!.element);
}

function nothing(): void {}
