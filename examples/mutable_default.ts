// mutable default: a default object is shared by all; make one for each task, or freeze it
// deno run examples/mutable_default.ts

import { ContextVar, createTask } from "@contextvars/contextvars";

const shared = new ContextVar<string[]>("shared", { default: [] });
const own = new ContextVar<string[]>("own", { defaultFactory: () => [] });

function addTo(cart: ContextVar<string[]>, item: string): string[] {
  cart.get().push(item);
  return cart.get();
}

await createTask(addTo, shared, "Alice's book");
console.log("Bob's cart by default:", await createTask(addTo, shared, "Bob's pen"));

await createTask(addTo, own, "Alice's book");
console.log("Bob's cart by defaultFactory:", await createTask(addTo, own, "Bob's pen"));

// In place of Python's frozen data class: an interface, and an object that nobody can change.
interface Settings {
  readonly theme: string;
  readonly size: number;
}

const settings = new ContextVar<Settings>("settings", {
  default: Object.freeze({ theme: "light", size: 12 }),
});

await createTask(() => {
  settings.set({ ...settings.get(), theme: "dark" });
  console.log("Alice's settings:", settings.get());
});
await createTask(() => console.log("Bob's settings:", settings.get()));

// Prints:
// Bob's cart by default: [ "Alice's book", "Bob's pen" ]
// Bob's cart by defaultFactory: [ "Bob's pen" ]
// Alice's settings: { theme: "dark", size: 12 }
// Bob's settings: { theme: "light", size: 12 }
