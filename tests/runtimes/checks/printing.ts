/** How things print, and what errors are called. */

import assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  Context,
  ContextVar,
  LookupError,
  RuntimeError,
  ValueError,
} from "@contextvars/contextvars";
import { check, checkOutside } from "../check.ts";

checkOutside("ContextVar prints its name and default", () => {
  assert.equal(
    inspect(new ContextVar("user", { default: "nobody" })),
    "ContextVar { name: 'user', default: 'nobody' }",
  );
});

check("Token prints its variable, old value and whether it is used", () => {
  const user = new ContextVar<string>("user");
  user.set("alice");
  const token = user.set("bob");
  const shown = "Token { var: ContextVar { name: 'user' }, oldValue: 'alice', used: ";
  assert.equal(inspect(token, { breakLength: Infinity }), `${shown}false }`);
  user.reset(token);
  assert.equal(inspect(token, { breakLength: Infinity }), `${shown}true }`);
});

checkOutside("Context prints its size and entries", () => {
  const user = new ContextVar<string>("user");
  const context = new Context();
  context.run(() => user.set("alice"));
  assert.equal(inspect(context), "Context(1) { ContextVar { name: 'user' } => 'alice' }");
});

check("ContextVar, Token and Context are short as strings", () => {
  const user = new ContextVar<string>("user");
  assert.equal(String(user), '<ContextVar "user">');
  assert.equal(String(user.set("alice")), '<Token of <ContextVar "user">>');
  assert.equal(String(new Context()), "<Context of size 0>");
});

checkOutside("LookupError, ValueError and RuntimeError are errors, with the class as name", () => {
  const errors = [new LookupError("text"), new ValueError("text"), new RuntimeError("text")];
  assert.ok(errors.every((error) => error instanceof Error));
  assert.deepEqual(errors.map(String), [
    "LookupError: text",
    "ValueError: text",
    "RuntimeError: text",
  ]);
  assert.ok(errors.every((error) => error.stack?.startsWith(error.name)));
  assert.ok(errors.every((error) => !Object.hasOwn(error, "name")));
});
