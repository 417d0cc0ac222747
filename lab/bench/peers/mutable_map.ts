/** AsyncLocalStorage by hand: one Map for each `run`, written in place and never copied. */

import { AsyncLocalStorage } from "node:async_hooks";
import { serve } from "./worker.ts";

const storage = new AsyncLocalStorage<Map<object, unknown>>();

await serve<object, Map<object, unknown>>({
  name: "mutable Map",
  setReaches: "all in the same `run`",
  isolated: false,
  variable: (name) => ({ name }),
  context: (variables, value) => new Map(variables.map((variable) => [variable, value])),
  run: (map, fn) => storage.run(map, fn),
  get: (variable) => storage.getStore()?.get(variable),
  set(variable, value) {
    storage.getStore()!.set(variable, value);
  },
  setAndReset(variable, value) {
    const map = storage.getStore()!;
    const hadValue = map.has(variable);
    const old = map.get(variable);
    map.set(variable, value);
    if (hadValue) map.set(variable, old);
    else map.delete(variable);
  },
  copy: () => new Map(storage.getStore()), // for `run` only: Node.js skips one with the current Map
  copyEnterSet(variable, value) {
    const map = storage.getStore()!;
    storage.run(map, () => map.set(variable, value));
    return map;
  },
  task: (variable, value) =>
    storage.run(storage.getStore()!, async () => {
      storage.getStore()!.set(variable, value);
      await undefined;
      return storage.getStore()!.get(variable);
    }),
});
