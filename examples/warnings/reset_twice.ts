// a warning: a token works once
// deno run examples/warnings/reset_twice.ts

import { ContextVar, createTask, RuntimeError } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "Guest" });

await createTask(() => {
  const token = user.set("Alice");
  user.reset(token);
  try {
    user.reset(token);
  } catch (error) {
    console.log(`The second reset() throws a RuntimeError: ${error instanceof RuntimeError}`);
  }
  console.log(`User: ${user.get()}`);
});

// Prints:
// The second reset() throws a RuntimeError: true
// User: Guest
