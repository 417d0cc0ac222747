// a warning: without a reset a value stays until its task ends; `using` does not forget
// deno run examples/warnings/forgotten_reset.ts

import { ContextVar, createTask } from "@contextvars/contextvars";

const locale = new ContextVar("locale", { default: "en" });

function forgets(): void {
  locale.set("fr");
}

function remembers(): void {
  using _token = locale.set("fr");
}

await createTask(() => {
  remembers();
  console.log(`After using: ${locale.get()}`);
  forgets();
  console.log(`After a forgotten reset: ${locale.get()}`);
});
await createTask(() => console.log(`In the next task: ${locale.get()}`));

// Prints:
// After using: en
// After a forgotten reset: fr
// In the next task: en
