/** `Token`: how `using` takes a set back. */

import assert from "node:assert/strict";
import { Context, ContextVar, createTask, RuntimeError, Token } from "@contextvars/contextvars";
import { check, checkOutside, errorOf } from "../check.ts";

check("Token[Symbol.dispose]() puts back what the variable had", () => {
  const user = new ContextVar<string>("user");
  const first = user.set("alice");
  const second = user.set("bob");
  second[Symbol.dispose]();
  assert.equal(user.get(), "alice");
  first[Symbol.dispose]();
  assert.equal(user.get("nothing"), "nothing");
});

check("Token[Symbol.dispose]() does nothing where the token was used", () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  user.reset(token);
  user.set("bob");
  token[Symbol.dispose]();
  assert.equal(user.get(), "bob");
});

check("Token[Symbol.dispose]() uses the token", () => {
  const user = new ContextVar<string>("user");
  const token = user.set("alice");
  token[Symbol.dispose]();
  const refused = errorOf(RuntimeError, /has already been used once/);
  assert.throws(() => user.reset(token), refused);
});

check("Token[Symbol.dispose]() undoes the set where it was made", async () => {
  const user = new ContextVar("user", { default: "nobody" });
  const token = user.set("alice");
  await createTask(() => {
    user.set("bob");
    token[Symbol.dispose]();
    assert.equal(user.get(), "bob");
  });
  assert.equal(user.get(), "nobody");
});

check("Token[Symbol.dispose]() acts where another task closes an async generator", async () => {
  const span = new ContextVar("span", { default: "none" });
  const rows = readRows(span);
  await rows.next();
  assert.equal(span.get(), "query");
  await createTask(async () => {
    span.set("other");
    await rows.return(undefined);
    assert.equal(span.get(), "other");
  });
  assert.equal(span.get(), "none");
});

check("Token[Symbol.dispose]() acts where a for await loop ends early", async () => {
  const span = new ContextVar("span", { default: "none" });
  const seen: unknown[] = [];
  for await (const row of readRows(span)) {
    seen.push(row, span.get());
    break;
  }
  assert.deepEqual([...seen, span.get()], [1, "query", "none"]);
});

checkOutside("Token[Symbol.dispose]() of a task's token acts outside any task", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  const token = context.run(() => user.set("alice"));
  token[Symbol.dispose]();
  assert.equal(context.has(user), false);
});

checkOutside("Token() is refused to users", () => {
  const make = Token as unknown as new () => unknown;
  assert.throws(() => new make(), errorOf(RuntimeError, /only be created by ContextVars/));
});

/** Holds a value as long as it is read, as `using` would. */
async function* readRows(span: ContextVar<string>): AsyncGenerator<number> {
  const token = span.set("query");
  try {
    await Promise.resolve();
    yield 1;
    yield 2;
  } finally {
    token[Symbol.dispose]();
  }
}
