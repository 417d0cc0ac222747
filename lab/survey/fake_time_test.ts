/** What keepContexts() of docs/testing.md does to the clock of @std/testing. */

import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { ContextVar } from "@contextvars/contextvars";
import { keepContexts } from "../pages/programs/shared/keep_contexts.ts";

Deno.test("FakeTime calls back in the timer's own context, after keepContexts()", () => {
  const user = new ContextVar("user", { default: "nobody" });
  const seen: string[] = [];
  {
    using time = new FakeTime();
    keepContexts();
    user.run("alice", () => setTimeout(() => seen.push(user.get()), 1000));
    user.run("bob", () => time.tick(1000));
  }
  assertEquals(seen, ["alice"]);
});
