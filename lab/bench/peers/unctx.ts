/**
 * A context of unctx, whose instance is a Map.
 *
 * It refuses another instance inside a call, so that a task can have none of its own.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { createContext } from "npm:unctx@3.0.1";
import { serve } from "./worker.ts";

const context = createContext<Map<object, unknown>>({ asyncContext: true, AsyncLocalStorage });

await serve<object, Map<object, unknown>>({
  name: "unctx",
  setReaches: "all in the same `run`",
  isolated: false,
  variable: (name) => ({ name }),
  context: (variables, value) => new Map(variables.map((variable) => [variable, value])),
  run: (map, fn) => context.call(map, fn),
  get: (variable) => context.use().get(variable),
  set(variable, value) {
    context.use().set(variable, value);
  },
  setAndReset(variable, value) {
    const map = context.use();
    const hadValue = map.has(variable);
    const old = map.get(variable);
    map.set(variable, value);
    if (hadValue) map.set(variable, old);
    else map.delete(variable);
  },
  copy: () => context.use(),
  copyEnterSet(variable, value) {
    const map = context.use();
    context.call(map, () => map.set(variable, value));
    return map;
  },
  task: (variable, value) =>
    context.call(context.use(), async () => {
      context.use().set(variable, value);
      await undefined;
      return context.use().get(variable);
    }),
});
