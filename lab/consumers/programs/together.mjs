/** Two installations of the package, a program's and a library's: what one makes, the other takes. */

import * as ours from "@contextvars/contextvars";
import * as theirs from "library";

/** What starts a job as a task. */
const starts = {
  bind: ({ copyContext }, work) => copyContext().bind(work),
  run: ({ Context }, work) => (job) => new Context().run(work, job),
  createTask: ({ createTask }, work) => (job) => createTask(work, job),
  "ContextVar.run": ({ ContextVar }, work) => (job) => new ContextVar("other").run(1, work, job),
};

/** Runs jobs one after another; returns what each sees of a variable that an awaited helper sets. */
async function queue(start, one, other) {
  const tenant = new other.ContextVar("tenant", { default: "none" });
  const helper = async (name) => {
    await null;
    tenant.set(name);
  };
  const run = start(one, async (name) => {
    if (name !== undefined) await helper(name);
    await new Promise((resolve) => setTimeout(resolve, 1));
    return tenant.get();
  });
  const seen = [];
  for (const job of ["acme", undefined, "umbrella", undefined]) seen.push(await run(job));
  return seen.join(", ");
}

function outcome(call) {
  try {
    return call();
  } catch (error) {
    return error.name;
  }
}

function inside(one, other) {
  const user = new one.ContextVar("user");
  const token = user.set("alice");
  new other.ContextVar("user").set("bob");
  return {
    classes: user instanceof other.ContextVar && token instanceof other.Token,
    errors: outcome(() => user.reset({})) === "TypeError" && one.ValueError === other.ValueError,
    get: other.copyContext().get(user),
    equals: one.currentContext().equals(other.copyContext()),
    entered: outcome(() => other.currentContext().run(() => {})),
    reset: outcome(() => new other.Context().run(() => user.reset(token))),
    using: (token[Symbol.dispose](), user.get("nobody")),
  };
}

export default {
  async test() {
    const results = {};
    for (const [whose, one, other] of [["ours", ours, theirs], ["theirs", theirs, ours]]) {
      results[whose] = new one.Context().run(inside, one, other);
      for (const [name, start] of Object.entries(starts)) {
        results[whose][name] = await queue(start, one, other);
      }
    }
    console.log(JSON.stringify(results));
  },
};
