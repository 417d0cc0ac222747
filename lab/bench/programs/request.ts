/**
 * A request: a handler is called in an empty context. It sets each variable for the first time, and
 * gets 20 values.
 *
 *     request.ts contextvars|Map VARIABLES
 */

import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { Context, ContextVar } from "../../../mod.ts";
import { measure } from "./measure.ts";

const GETS = 20;

const [subject, count] = process.argv.slice(2) as [string, string];
const length = Number(count);
let sum = 0; // read at the end, so that no `get` can be left out

const loop = subject === "contextvars" ? callBound() : runMap();
console.log(JSON.stringify({ rounds: await measure({ request: loop }), last: sum }));

function callBound() {
  const variables = Array.from({ length }, (_, i) => new ContextVar<number>(`variable${i}`));
  const handle = new Context().bind(() => {
    for (let i = 0; i < length; i++) variables[i]!.set(i + 1);
    for (let i = 0; i < GETS; i++) sum += variables[i % length]!.get();
  });
  return (times: number) => {
    for (let i = 0; i < times; i++) handle();
  };
}

function runMap() {
  const storage = new AsyncLocalStorage<Map<object, number>>();
  const keys = Array.from({ length }, (_, i) => ({ i }));
  const handle = () => {
    for (let i = 0; i < length; i++) storage.getStore()!.set(keys[i]!, i + 1);
    for (let i = 0; i < GETS; i++) sum += storage.getStore()!.get(keys[i % length]!)!;
  };
  return (times: number) => {
    for (let i = 0; i < times; i++) storage.run(new Map(), handle);
  };
}
