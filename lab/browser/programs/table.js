/** What code sees of each call, where it runs: the same module on the server and in the page. */

import { Context, ContextVar, copyContext, createTask } from "@contextvars/contextvars";

export const user = new ContextVar("user", { default: "nobody" });

const made = new ContextVar("made", { defaultFactory: () => ({}) });
const later = async () => {
  await null;
  throw new Error("nobody can handle this");
};
const inTask = (fn) => new Context().run(fn);

/** What must come of each call in a page: a value, or an error of that name. */
const calls = {
  "get": ["nobody", () => user.get()],
  "get, with a fallback": ["a fallback", () => user.get("a fallback")],
  "get, of a factory, whose value is not stored": [false, () => made.get() === made.get()],
  "run": ["alice", () => user.run("alice", () => user.get())],
  "Context.run": ["nobody", () => inTask(() => user.get())],
  "bind": ["alice", () => user.run("alice", copyContext).bind(() => user.get())()],
  "set": ["alice", () => inTask(() => (user.set("alice"), user.get()))],
  "reset": ["nobody", () => inTask(() => (user.reset(user.set("alice")), user.get()))],
  "using": ["nobody", () => inTask(() => (user.set("alice")[Symbol.dispose](), user.get()))],
  "createTask": ["RuntimeError", () => createTask(later)],
  "run, async": ["RuntimeError", () => user.run("alice", later)],
  "Context.run, async": ["RuntimeError", () => inTask(later)],
  "bind, async": ["RuntimeError", () => copyContext().bind(later)()],
  "set, outside a task": ["RuntimeError", () => user.set("alice")],
  "get, at the end": ["nobody", () => user.get()],
};

/** Makes each call; returns what came of those that did something else than they must. */
export function surprises() {
  return Object.entries(calls).map(([name, [expected, call]]) => [name, expected, outcome(call)])
    .filter(([, expected, found]) => found !== expected);
}

function outcome(call) {
  try {
    return call();
  } catch (error) {
    return error.name;
  }
}
