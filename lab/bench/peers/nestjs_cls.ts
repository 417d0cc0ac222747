/** The service of nestjs-cls, without NestJS around it: an object for each `run`. */

import { ClsServiceManager, type ClsStore } from "npm:nestjs-cls@7.0.0";
import { serve } from "./worker.ts";

const service = ClsServiceManager.getClsService<ClsStore & Record<string, unknown>>();

await serve<string, ClsStore & Record<string, unknown>>({
  name: "nestjs-cls",
  setReaches: "the task",
  isolated: true,
  variable: (name) => name,
  context: (variables, value) => Object.fromEntries(variables.map((variable) => [variable, value])),
  run: (store, fn) => service.runWith(store, fn),
  get: (variable) => service.get(variable),
  set(variable, value) {
    service.set(variable, value);
  },
  setAndReset(variable, value) {
    const old = service.get(variable);
    service.set(variable, value);
    service.set(variable, old);
  },
  copy: () => ({ ...service.get() }),
  copyEnterSet: (variable, value) =>
    service.run(() => { // inside another `run`, it copies the store
      service.set(variable, value);
      return service.get();
    }),
  task: (variable, value) =>
    service.run(async () => {
      service.set(variable, value);
      await undefined;
      return service.get(variable);
    }),
});
