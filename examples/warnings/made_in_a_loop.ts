// a warning: make variables once, at the top level of a module, and not in a loop or a function
// deno run examples/warnings/made_in_a_loop.ts

import { ContextVar, createTask, currentContext } from "@contextvars/contextvars";

const user = new ContextVar<string>("user");

await createTask(() => {
  for (const name of ["Alice", "Bob", "Carol"]) {
    new ContextVar<string>("user").set(name); // three variables, though all are called "user"
    user.set(name);
  }
  console.log(`The variable of the module: ${user.get()}`);
  console.log(`Variables in the context: ${currentContext().size}`);
});

// Prints:
// The variable of the module: Carol
// Variables in the context: 4
