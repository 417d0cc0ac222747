/**
 * What grows with the number of contexts that are alive, and with the length of a chain of tasks.
 *
 *     growth.ts contextvars|Map contexts|chain NUMBER
 *
 * `contexts`: copies of a context with ten variables, in each of which one was set; how long the
 * next such copy takes, and the bytes of each. `chain`: tasks that each set a variable and start the
 * next; how long each takes, and the bytes of each at the end of the chain.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { Context, ContextVar, copyContext, createTask } from "../../../mod.ts";
import { heapUsed, measure } from "./measure.ts";

const VARIABLES = 10;

/** What one of both ways to carry values does. */
interface Subject {
  /** Calls a function in a context with ten variables. */
  start<R>(fn: () => R): R;
  /** Copies the current context, and sets a variable in the copy. */
  copyWithSet(value: number): object;
  /** Runs a function as a task in a copy of the current context, and sets a variable there. */
  task(fn: () => Promise<void>): Promise<void>;
}

function contextvars(): Subject {
  const variables = Array.from({ length: VARIABLES }, (_, i) => new ContextVar<number>(`${i}`));
  return {
    start: (fn) =>
      new Context().run(() => {
        variables.forEach((variable, i) => variable.set(i));
        return fn();
      }),
    copyWithSet(value) {
      const context = copyContext();
      context.run(() => variables[0]!.set(value));
      return context;
    },
    task: (fn) =>
      createTask(() => {
        variables[0]!.set(1);
        return fn();
      }),
  };
}

function map(): Subject {
  const storage = new AsyncLocalStorage<Map<object, number>>();
  const keys = Array.from({ length: VARIABLES }, (_, i) => ({ i }));
  return {
    start: (fn) => storage.run(new Map(keys.map((key) => [key, key.i])), fn),
    copyWithSet(value) {
      const copy = new Map(storage.getStore());
      storage.run(copy, () => storage.getStore()!.set(keys[0]!, value));
      return copy;
    },
    task: (fn) =>
      storage.run(new Map(storage.getStore()), () => {
        storage.getStore()!.set(keys[0]!, 1);
        return fn();
      }),
  };
}

/** Returns the rounds of `copyWithSet` with that many contexts alive, and the bytes of each. */
async function contexts(subject: Subject, number: number) {
  const alive: unknown[] = new Array(number).fill(undefined);
  let last: unknown;
  subject.copyWithSet(0); // the first one brings compiled code with it
  const before = heapUsed();
  for (let i = 0; i < number; i++) alive[i] = subject.copyWithSet(i);
  const bytes = (heapUsed() - before) / number;
  const rounds = await measure({
    contexts(times) {
      for (let i = 0; i < times; i++) last = subject.copyWithSet(i);
    },
  });
  return { rounds: { ...rounds, bytes: [bytes] }, last: String(last) + alive.length };
}

/** Returns the rounds of one task in a chain of that many, and the bytes of each at its end. */
async function chain(subject: Subject, number: number) {
  let bytes = 0;
  const run = (atEnd?: () => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let left = number;
    const link = async () => {
      await undefined;
      if (--left > 0) void subject.task(link);
      else {
        atEnd?.();
        resolve();
      }
    };
    void subject.task(link);
    return promise;
  };
  const rounds = await measure({
    async chain(times) {
      for (let i = 0; i < times; i++) await run();
    },
  });
  const before = heapUsed();
  await run(() => bytes = (heapUsed() - before) / number);
  return { rounds: { chain: rounds["chain"]!.map((time) => time / number), bytes: [bytes] } };
}

const [name, what, number] = process.argv.slice(2) as [string, string, string];
const subject = name === "contextvars" ? contextvars() : map();
const grow = what === "chain" ? chain : contexts;
console.log(JSON.stringify(await subject.start(() => grow(subject, Number(number)))));
