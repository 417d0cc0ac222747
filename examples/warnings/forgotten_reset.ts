// a warning: without a reset a value stays until its task ends; `using` does not forget
// deno run examples/warnings/forgotten_reset.ts

import { ContextVar, createTask } from "@contextvars/contextvars";

const role = new ContextVar("role", { default: "guest" });

function forgets(): void {
  role.set("admin");
}

function remembers(): void {
  using _token = role.set("admin");
}

await createTask(() => {
  remembers();
  console.log(`After using: ${role.get()}`);
  forgets();
  console.log(`After a forgotten reset: ${role.get()}`);
});
await createTask(() => console.log(`In the next task: ${role.get()}`));

// Prints:
// After using: guest
// After a forgotten reset: admin
// In the next task: guest
