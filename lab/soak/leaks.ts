/**
 * Prints for each way to let go of a value whether it is collected then.
 *
 *     deno run -A --v8-flags=--expose-gc lab/soak/leaks.ts
 */

// deno-lint-ignore-file contextvars/outside-task -- on purpose

import { Context, ContextVar, copyContext, createTask, type Token } from "@contextvars/contextvars";

const { gc } = globalThis as unknown as { gc(): void };

const variable = new ContextVar<object>("variable");
const held = new Context();
const TIMES = 500_000;
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

const used: Token<object>[] = [];
new Context().run(() => {
  variable.set(tracked("a value beside one whose token was used and is held"));
  used.push(other.set({}));
  other.reset(used[0]!);
});

variable.set(tracked("a value from outside tasks that another replaced"));
variable.set({});
used.push(other.set(tracked("a value from outside tasks that was reset")));
other.reset(used[1]!);

// Sets outside tasks must not form chains.
repeat("set", () => void variable.set({}));
repeat("set and reset", () => variable.reset(variable.set({})));
let older = variable.set({});
repeat("set, and reset of the one before", () => {
  const token = variable.set({});
  variable.reset(older);
  older = token;
});

held.run(() => variable.set(tracked("a value in a context that is held")));

for (let times = 0; times < 3; times++) {
  await new Promise((resolve) => setTimeout(resolve, 0));
  gc();
}
for (const [what, ref] of refs) {
  console.log(`${what}: ${ref.deref() === undefined ? "collected" : "kept"}`);
}
console.assert(held.has(variable) && used.length === 2);

/** Does something outside tasks again and again, and prints whether the heap grows. */
function repeat(what: string, step: () => void): void {
  const before = heapUsed();
  for (let times = 0; times < TIMES; times++) step();
  const grown = heapUsed() - before;
  // A setting that is kept takes more than fifty bytes.
  console.log(`${what}: ${grown < 10 * TIMES ? "flat" : `${grown} bytes more`}`);
}

function heapUsed(): number {
  gc();
  return Deno.memoryUsage().heapUsed;
}
