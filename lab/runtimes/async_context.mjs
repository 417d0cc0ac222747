/**
 * Loaded first, makes Node.js a runtime with TC39's `AsyncContext.Variable` and no
 * `AsyncLocalStorage`; the tests themselves keep that. It calls itself what lacks `enterWith`.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { registerHooks } from "node:module";
import process from "node:process";

class Variable {
  #storage = new AsyncLocalStorage();

  get() {
    return this.#storage.getStore();
  }

  run(value, fn, ...args) {
    return this.#storage.run(value, fn, ...args);
  }
}

globalThis.AsyncContext = { Variable };
process.on("unhandledRejection", () => {}); // what cannot set outside tasks, as on Workers
Object.defineProperty(navigator, "userAgent", { value: "Cloudflare-Workers" });
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "node:async_hooks" && context.parentURL?.includes("/@contextvars/")
      ? { url: "data:text/javascript,", shortCircuit: true }
      : next(specifier, context),
});
