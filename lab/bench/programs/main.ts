/**
 * Measures one of both ways to carry values, in a process of its own, and prints the rounds.
 *
 *     main.ts contextvars|Map request|operations|contexts|chain NUMBER [OPERATION ...]
 *     main.ts contextvars|Map|"no context" server
 *
 * `request` and `operations` are with so many variables. `contexts`: copies of a context with ten
 * variables, in each of which one was set; how long the next such copy takes with so many alive, and
 * the bytes of each. `chain`: so many tasks that each set a variable and start the next; how long each
 * takes, and the bytes of each at the end of the chain.
 */

import process from "node:process";
import { contextvars } from "./contextvars.ts";
import { map } from "./map.ts";
import { heapUsed, measure, type Measured } from "./measure.ts";
import { serve } from "./server.ts";

const FEW = 10;

const [name, question, count, ...wanted] = process.argv.slice(2) as [string, string, string];
const number = Number(count);
const isOfVariables = question === "request" || question === "operations";
const subject = (name === "contextvars" ? contextvars : map)(isOfVariables ? number : FEW);

const QUESTIONS: Record<string, () => Promise<Measured>> = {
  request: () => measure({ request: subject.request }),
  operations: () => subject.start(() => measure(subject.operations, wanted)),
  contexts: () => subject.start(contexts),
  chain: () => subject.start(chain),
  server: () => serve(name),
};
const rounds = await QUESTIONS[question]!();
console.log(JSON.stringify({ rounds, result: String(subject.result()) }));

async function contexts(): Promise<Measured> {
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
  alive.push(last); // all of them live until here
  return { ...rounds, bytes: [bytes] };
}

async function chain(): Promise<Measured> {
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
