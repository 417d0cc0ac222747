/** What Deno does as no other runtime does: here, so that a change is noticed. */

import { assertEquals, assertThrows } from "@std/assert";
import { AsyncLocalStorage } from "node:async_hooks";
import { Context } from "@contextvars/contextvars";
import { deno } from "../command.ts";
import { inTask, outsideTasks } from "../harness.ts";

// Deno puts all storages back where a `run` ends, the other runtimes that storage alone.
outsideTasks("ContextVar.set() outside any task ends with another storage's run", ({ user }) => {
  const storage = new AsyncLocalStorage<string>();
  storage.run("other", () => {
    user.set("alice");
    assertEquals(user.get(), "alice");
  });
  assertEquals(user.get(), "nobody");
});

inTask("ContextVar, Token and Context print by Deno.inspect", ({ user, context }) => {
  const token = context.run(() => user.set("alice"));
  assertEquals(Deno.inspect(user), `ContextVar { name: "user", default: "nobody" }`);
  assertEquals(
    Deno.inspect(token, { breakLength: 120 }),
    `Token { var: ${Deno.inspect(user)}, used: false }`,
  );
  assertEquals(
    Deno.inspect(context, { breakLength: 120 }),
    `Context(1) { ${Deno.inspect(user)} => "alice" }`,
  );
});

Deno.test("An async generator's step that fails, and that nobody awaits, is reported once", async () => {
  const program = `
    import { Context } from ${JSON.stringify(import.meta.resolve("../../mod.ts"))};
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      console.log(event.reason.message);
    });
    const bound = new Context().bind(async function* () { throw new Error("lost"); });
    const reader = bound();
    reader.next();
    reader.next();`;
  assertEquals(await deno(["eval", program]), "lost\n");
});

// Node.js 24 and 26 themselves may leave an inner `run` unfinished then.
inTask("Context.run() that a stack overflow ends can be entered again, however deep it was", () => {
  const contexts: Context[] = [];
  const nest = (): unknown => contexts[contexts.push(new Context()) - 1]!.run(nest);
  const nestFrom = (depth: number): unknown => depth > 0 ? nestFrom(depth - 1) : nest();
  for (let depth = 0; depth < 60; depth++) {
    assertThrows(() => nestFrom(depth), RangeError);
    contexts.splice(0).slice(-4).forEach((context) => context.run(() => {}));
  }
});
