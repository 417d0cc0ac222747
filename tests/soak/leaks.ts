/**
 * Prints for each way to let go of a value whether it is collected then.
 *
 *     deno run -A --v8-flags=--expose-gc tests/soak/leaks.ts
 */

import { Context, ContextVar, copyContext, createTask } from "@contextvars/contextvars";

const { gc } = globalThis as unknown as { gc(): void };

const variable = new ContextVar<object>("variable");
const held = new Context();
const refs = new Map<string, WeakRef<object>>();

/** Makes an object of which nothing here keeps hold. */
function tracked(what: string): object {
  const object = {};
  refs.set(what, new WeakRef(object));
  return object;
}

await createTask(async () => {
  variable.set(tracked("the value of a task that has ended"));
  await Promise.resolve();
});

await createTask(async () => {
  variable.set(tracked("the value of a task that has thrown"));
  await Promise.resolve();
  throw new Error();
}).catch(() => {});

const handler = copyContext().bind(async () => {
  variable.set(tracked("the value of a request that has ended"));
  await Promise.resolve();
  return new Response();
});
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
await (await fetch(`http://127.0.0.1:${server.addr.port}/`)).text();
await server.shutdown();

const other = new ContextVar<object>("other");
held.run(() => {
  other.reset(other.set(tracked("a value that was reset")));
  variable.set(tracked("a value that another replaced"));
  variable.set({});
});

new Context().run(() => variable.set(tracked("the value of a context that was dropped")));

held.bind(() => variable.set(tracked("the value of a bound call")))();

refs.set("a variable that is in no context", new WeakRef(new ContextVar("dropped")));

held.run(() => variable.set(tracked("a value in a context that is held")));

for (let times = 0; times < 3; times++) {
  await new Promise((resolve) => setTimeout(resolve, 0));
  gc();
}
for (const [what, ref] of refs) {
  console.log(`${what}: ${ref.deref() === undefined ? "collected" : "kept"}`);
}
console.assert(held.has(variable));
