/** Migrating from AsyncLocalStorage: a value for a block, and concurrent functions that set. */

import { ContextVar, createTask } from "@contextvars/contextvars";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

const user = new ContextVar("user", { default: "-" });

async function withInnerId(name: string): Promise<void> {
  using _token = requestId.set("inner");
  await logIn(name);
  count(requestId.get(), "inner");
}

async function logIn(name: string): Promise<void> {
  user.set(name); // was: user.enterWith(name)
  await turns();
  count(user.get(), name);
}

async function logInBoth(): Promise<void> {
  await Promise.all([createTask(logIn, "alice"), createTask(logIn, "bob")]);
}

await concurrently(async (id) => {
  await withInnerId(id);
  count(requestId.get(), id);
  count(user.get(), id);
  await logInBoth();
  count(user.get(), id);
});
conclude(200 * 7);

// wrong, run for a block: using _token = requestId.set("inner");\n  await logIn(name);\n  count(requestId.get(), "inner"); ~> await requestId.run("inner", async () => {\n  await logIn(name);\n  count(requestId.get(), "inner");\n  });
// wrong, no tasks: createTask(logIn, "alice"), createTask(logIn, "bob") ~> logIn("alice"), logIn("bob")
