/** What code sees of each call, where it runs: the same module on the server and in the page. */

import { Context, ContextVar, copyContext, createTask } from "@contextvars/contextvars";

export const user = new ContextVar("user", { default: "nobody" });

const made = new ContextVar("made", { defaultFactory: () => ({}) });
const later = async () => {
  await null;
  throw new Error("nobody can handle this");
};
const inTask = (fn) => new Context().run(fn);

const calls = {
  "get": () => user.get(),
  "get, with a fallback": () => user.get("a fallback"),
  "get, of a factory": () => made.get() === made.get() ? "the same" : "not stored",
  "run": () => user.run("alice", () => user.get()),
  "Context.run": () => inTask(() => user.get()),
  "bind": () => user.run("alice", copyContext).bind(() => user.get())(),
  "set": () => inTask(() => (user.set("alice"), user.get())),
  "reset": () => inTask(() => (user.reset(user.set("alice")), user.get())),
  "using": () => inTask(() => (user.set("alice")[Symbol.dispose](), user.get())),
  "createTask": () => createTask(later),
  "run, async": () => user.run("alice", later),
  "Context.run, async": () => inTask(later),
  "bind, async": () => copyContext().bind(later)(),
  "set, outside a task": () => user.set("alice"),
  "get, at the end": () => user.get(),
};

/** Returns the result of each call, or the name of its error. */
export function table() {
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, outcome(call)]));
}

function outcome(call) {
  try {
    return String(call());
  } catch (error) {
    return error.name;
  }
}
