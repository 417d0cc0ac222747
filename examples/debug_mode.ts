// debug_mode: three mistakes, what debug mode says about each, and the same code mended
// deno run examples/debug_mode.ts

import { EventEmitter } from "node:events";
import { Context, ContextVar, copyContext, createTask } from "@contextvars/contextvars";
import { onReport } from "@contextvars/contextvars/debug";

// Without this, whole reports go to console.warn: with the places, and with what to do.
onReport(({ text }) => console.log(text.split("\n")[0]));

const user = new ContextVar<string>("user");

async function greet(name: string): Promise<string> {
  user.set(name);
  await Promise.resolve();
  return `hello, ${user.get()}`;
}

console.log("Promise.all makes no tasks:");
// deno-lint-ignore contextvars/concurrent-set -- on purpose
console.log(await createTask(() => Promise.all([greet("Alice"), greet("Bob")])));
console.log("Mended:");
console.log(await Promise.all([createTask(greet, "Alice"), createTask(greet, "Bob")]));

console.log("A listener runs in the context of whoever emits:");
const emitter = new EventEmitter();
const printUser = () => console.log(`saved by ${user.get()}`);
createTask(() => {
  user.set("Alice");
  // deno-lint-ignore contextvars/unbound-listener -- on purpose
  emitter.once("saved", printUser);
  emitter.once("sent", copyContext().bind(printUser));
});
try {
  emitter.emit("saved");
} catch (error) {
  const [, reason] = (error as Error).message.split("\n");
  console.log(reason!.trim());
}
console.log("Mended:");
emitter.emit("sent");

console.log("A handler that is not bound sets outside any task:");
// deno-lint-ignore contextvars/outside-task -- on purpose
console.log(await greet("Carol"));
console.log("Mended:");
console.log(await new Context().bind(greet)("Dave"));

// Prints:
// Promise.all makes no tasks:
// contextvars: a race on <ContextVar "user"> in one task: this code reads it
// [ "hello, Bob", "hello, Bob" ]
// Mended:
// [ "hello, Alice", "hello, Bob" ]
// A listener runs in the context of whoever emits:
// This code runs outside any task; bind callbacks: copyContext().bind(callback)
// Mended:
// saved by Alice
// A handler that is not bound sets outside any task:
// contextvars: <ContextVar "user"> is set outside any task
// hello, Carol
// Mended:
// hello, Dave
