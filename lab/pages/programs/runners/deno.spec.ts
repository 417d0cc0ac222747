/** Deno.test: what a test sets reaches the next one, unless each runs in a context of its own. */

import { strictEqual } from "node:assert/strict";
import { Context, ContextVar } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "anonymous" });

Deno.test("logs in", () =>
  new Context().run(() => {
    user.set("alice");
    strictEqual(user.get(), "alice");
  }));

Deno.test("greets nobody", () =>
  new Context().run(() => {
    strictEqual(user.get(), "anonymous");
  }));

// wrong, no context: "logs in", () =>\n  new Context().run(() => {\n    user.set("alice");\n    strictEqual(user.get(), "alice");\n  })) ~> "logs in", () => void user.set("alice")), Deno.test("is alice still", () => strictEqual(user.get(), "anonymous"))
// run on Deno: test -A programs/runners/deno.spec.ts
