// nested: layers of Context.run, as in middleware; each layer's changes end with it
// deno run examples/nested.ts

import { ContextVar, copyContext } from "@contextvars/contextvars";

const path = new ContextVar("path", { default: "/" });
const role = new ContextVar("role", { default: "guest" });

function show(layer: string): void {
  console.log(`${layer}: path ${path.get()}, role ${role.get()}`);
}

function outer(): void {
  path.set("/admin");
  show("Outer");
  copyContext().run(inner);
  show("Outer again");
}

function inner(): void {
  role.set("admin");
  show("Inner");
  path.run("/admin/users", show, "Innermost");
  show("Inner again");
}

show("Before");
copyContext().run(outer);
show("After");

// Prints:
// Before: path /, role guest
// Outer: path /admin, role guest
// Inner: path /admin, role admin
// Innermost: path /admin/users, role admin
// Inner again: path /admin, role admin
// Outer again: path /admin, role guest
// After: path /, role guest
