/**
 * Measures one of both ways to carry values, in a process of its own, and prints the rounds.
 *
 *     main.ts contextvars|Map request|operations|contexts|chain NUMBER [OPERATION ...]
 *     main.ts contextvars|Map|"no context" server 5
 */

import process from "node:process";
import { contextvars } from "./contextvars.ts";
import { map } from "./map.ts";
import { measure, type Measured } from "./measure.ts";
import { serve } from "./server.ts";
import { MASK, shuffled } from "./subject.ts";

/** How many variables there are, where something else grows. */
const FEW = 10;
/** How many tasks run at once. */
const BATCH = 100;

const [name, question, count, ...wanted] = process.argv.slice(2) as [string, string, string];
const number = Number(count);
const length = question === "contexts" || question === "chain" ? FEW : number;
const subject = (name === "contextvars" ? contextvars : map)(length);

const QUESTIONS: Record<string, () => Promise<Measured>> = {
  request: () => measure({ request: subject.request }),
  operations: () => subject.start(() => measure({ ...subject.operations, task: tasks }, wanted)),
  contexts: () => subject.start(contexts),
  chain: () => subject.start(chain),
  server: () => serve(name === "no context" ? undefined : subject, length),
};
const rounds = await QUESTIONS[question]!();
console.log(JSON.stringify({ rounds, result: String(subject.result()) }));

/** Starts tasks that each set another variable. */
async function tasks(times: number): Promise<void> {
  const order = shuffled(Array.from({ length }, (_, i) => i));
  for (let i = 0; i < times; i += BATCH) {
    const batch = order.slice(i & MASK, (i & MASK) + Math.min(BATCH, times - i));
    await Promise.all(batch.map((variable) =>
      subject.task(async () => {
        subject.set(variable, i);
        await undefined;
        return subject.get(variable);
      })
    ));
  }
}

/** Copies a context, and sets a variable there, with so many such copies alive. */
async function contexts(): Promise<Measured> {
  const alive: object[] = new Array(number).fill(subject);
  subject.copyWithSet(0); // the first one brings compiled code with it
  const before = heapUsed();
  for (let i = 0; i < number; i++) alive[i] = subject.copyWithSet(i);
  const bytes = [(heapUsed() - before) / number];
  const { contexts } = await measure({
    contexts(times) {
      for (let i = 0; i < times; i++) alive[0] = subject.copyWithSet(i);
    },
  });
  return { contexts: contexts!, bytes };
}

/** Starts so many tasks, each of which sets a variable and starts the next; weighs them at the end. */
async function chain(): Promise<Measured> {
  const run = (atEnd?: () => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let left = number;
    const link = async () => {
      subject.set(0, 1);
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
  const { chain } = await measure({
    async chain(times) {
      for (let i = 0; i < times; i++) await run();
    },
  });
  let bytes = 0;
  const before = heapUsed();
  await run(() => bytes = (heapUsed() - before) / number);
  return { chain: chain!.map((time) => time / number), bytes: [bytes] };
}

/** Returns the bytes in use, after a collection; the program was started with `--expose-gc`. */
function heapUsed(): number {
  (globalThis as { gc?: () => void }).gc!();
  return process.memoryUsage().heapUsed;
}
