// mutable default: one default object is shared by everyone; a defaultFactory makes one a task
// deno run examples/mutable_default.ts

import { ContextVar, createTask } from "@contextvars/contextvars";

const shared = new ContextVar<string[]>("shared", { default: [] });
const own = new ContextVar("own", { defaultFactory: (): string[] => [] });

function addTo(cart: ContextVar<string[]>, item: string): string[] {
  cart.get().push(item);
  return cart.get();
}

await createTask(addTo, shared, "Alice's book");
console.log("Bob's cart by default:", await createTask(addTo, shared, "Bob's pen"));

await createTask(addTo, own, "Alice's book");
console.log("Bob's cart by defaultFactory:", await createTask(addTo, own, "Bob's pen"));
