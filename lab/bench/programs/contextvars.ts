/** The loops with this module. */

import { Context, ContextVar, copyContext, createTask } from "../../../mod.ts";
import { GETS, MASK, nothing, shuffled, type Subject } from "./subject.ts";

let last: unknown;
let sum = 0;

export function contextvars(length: number): Subject {
  const variables = Array.from({ length }, (_, i) => new ContextVar<number>(`variable${i}`));
  const order = shuffled(variables);
  const unset = new ContextVar<number>("unset");
  const empty = new Context();
  const handle = new Context().bind(() => {
    for (let i = 0; i < length; i++) variables[i]!.set(i + 1);
    for (let i = 0; i < GETS; i++) sum += variables[i % length]!.get();
  });
  return {
    start: (fn) =>
      new Context().run(() => {
        variables.forEach((variable, i) => variable.set(i));
        return fn();
      }),
    request(times) {
      for (let i = 0; i < times; i++) handle();
    },
    operations: {
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
    },
    copyWithSet(value) {
      const context = copyContext();
      context.run(() => variables[0]!.set(value));
      return context;
    },
    task: createTask,
    handler: (fn) => new Context().bind(fn),
    set: (i, value) => void variables[i]!.set(value),
    get: (i) => variables[i]!.get(),
    result: () => [last, sum],
  };
}
