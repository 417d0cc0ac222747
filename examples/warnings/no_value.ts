// a warning: get() throws where there is no value, no fallback and no default
// deno run examples/warnings/no_value.ts

import { ContextVar, LookupError } from "@contextvars/contextvars";

const user = new ContextVar<string>("user");

try {
  console.log(user.get());
} catch (error) {
  if (!(error instanceof LookupError)) throw error;
  console.log("No user is set");
}
console.log(user.get("a fallback"));

const withDefault = new ContextVar("user", { default: "a default" });
console.log(withDefault.get());

// Prints:
// No user is set
// a fallback
// a default
