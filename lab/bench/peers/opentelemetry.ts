/** The context of OpenTelemetry: immutable, and a value lasts as long as a callback. */

import {
  type Context,
  context,
  createContextKey,
  ROOT_CONTEXT,
} from "npm:@opentelemetry/api@1.10.0";
import { AsyncLocalStorageContextManager } from "npm:@opentelemetry/context-async-hooks@3.1.1";
import { nothing } from "./peer.ts";
import { serve } from "./worker.ts";

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

await serve<symbol, Context>({
  name: "OpenTelemetry",
  setReaches: "a callback only",
  isolated: true,
  variable: createContextKey,
  context: (variables, value) =>
    variables.reduce((made, variable) => made.setValue(variable, value), ROOT_CONTEXT),
  run: (active, fn) => context.with(active, fn),
  get: (variable) => context.active().getValue(variable),
  setAndReset(variable, value) {
    context.with(context.active().setValue(variable, value), nothing);
  },
  copy: () => context.active(),
  copyEnterSet(variable, value) {
    const changed = context.active().setValue(variable, value);
    context.with(changed, nothing);
    return changed;
  },
  task: (variable, value) =>
    context.with(context.active().setValue(variable, value), async () => {
      await undefined;
      return context.active().getValue(variable);
    }),
});
