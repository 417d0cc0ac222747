/** This module. */

import { Context, ContextVar, copyContext, createTask } from "../../../mod.ts";
import { serve } from "./worker.ts";

await serve<ContextVar<unknown>, Context>({
  name: "contextvars",
  setReaches: "the task",
  isolated: true,
  variable: (name) => new ContextVar(name),
  context(variables, value) {
    const context = new Context();
    context.run(() => variables.forEach((variable) => variable.set(value)));
    return context;
  },
  run: (context, fn) => context.run(fn),
  get: (variable) => variable.get(),
  set(variable, value) {
    variable.set(value);
  },
  setAndReset(variable, value) {
    const token = variable.set(value);
    variable.reset(token);
  },
  copy: () => copyContext(),
  copyEnterSet(variable, value) {
    const copy = copyContext();
    copy.run(() => variable.set(value));
    return copy;
  },
  request: (handle) => new Context().bind(handle),
  task: (variable, value) =>
    createTask(async () => {
      variable.set(value);
      await undefined;
      return variable.get();
    }),
});
