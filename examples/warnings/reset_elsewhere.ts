// a warning: reset() works only in the context in which set() has made the token
// deno run examples/warnings/reset_elsewhere.ts

import { ContextVar, createTask, ValueError } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "Guest" });

await createTask(async () => {
  const token = user.set("Alice");
  // deno-lint-ignore contextvars/kept-value -- on purpose
  await createTask(() => user.reset(token)).catch((error) => {
    console.log(`In another task, reset() throws a ValueError: ${error instanceof ValueError}`);
  });
  await createTask(() => token[Symbol.dispose]()); // what `using` calls: it works from anywhere
  console.log(`After dispose: ${user.get()}`);
});

// Prints:
// In another task, reset() throws a ValueError: true
// After dispose: Guest
