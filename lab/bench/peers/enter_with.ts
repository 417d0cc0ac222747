/**
 * AsyncLocalStorage by hand: a Map that is never written; each set enters a changed copy.
 *
 * What starts a task must copy too: on Node.js 24 a `run` with the Map that is current does nothing
 * but the call, and an `enterWith` in it stays.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { serve } from "./worker.ts";

const storage = new AsyncLocalStorage<ReadonlyMap<object, unknown>>();

await serve<object, ReadonlyMap<object, unknown>>({
  name: "enterWith(new Map)",
  setReaches: "the code that follows",
  isolated: true,
  variable: (name) => ({ name }),
  context: (variables, value) => new Map(variables.map((variable) => [variable, value])),
  run: (map, fn) => storage.run(map, fn),
  get: (variable) => storage.getStore()?.get(variable),
  set: enterChanged,
  setAndReset(variable, value) {
    const old = storage.getStore()!;
    enterChanged(variable, value);
    storage.enterWith(old);
  },
  copy: () => new Map(storage.getStore()),
  copyEnterSet: (variable, value) =>
    storage.run(new Map(storage.getStore()), () => {
      enterChanged(variable, value);
      return storage.getStore()!;
    }),
  task: (variable, value) =>
    storage.run(new Map(storage.getStore()), async () => {
      enterChanged(variable, value);
      await undefined;
      return storage.getStore()!.get(variable);
    }),
});

function enterChanged(variable: object, value: unknown): void {
  storage.enterWith(new Map(storage.getStore()).set(variable, value));
}
