/** AsyncLocalStorage by hand: each `run` gets a copy of the Map, which is written in place. */

import { AsyncLocalStorage } from "node:async_hooks";
import { serve } from "./worker.ts";

const storage = new AsyncLocalStorage<Map<object, unknown>>();

await serve<object, Map<object, unknown>>({
  name: "run(new Map)",
  setReaches: "the task",
  isolated: true,
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
  copy: () => new Map(storage.getStore()),
  copyEnterSet(variable, value) {
    const copy = new Map(storage.getStore());
    storage.run(copy, () => storage.getStore()!.set(variable, value));
    return copy;
  },
  request: (handle) => () => storage.run(new Map(), handle),
  task: (variable, value) =>
    storage.run(new Map(storage.getStore()), async () => {
      storage.getStore()!.set(variable, value);
      await undefined;
      return storage.getStore()!.get(variable);
    }),
});
