import { assertEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { ContextVar } from "@contextvars/contextvars";
import { keepContexts } from "../../lab/pages/recipes/keep_contexts.ts";

const user = new ContextVar("user", { default: "nobody" });

function callBackLater(seen: string[]): void {
  setTimeout(() => seen.push(user.get()), 1000);
}

async function awaitTimer(seen: string[]): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, 1000));
  seen.push(user.get());
}

Deno.test("FakeTime lets an await keep its context", async () => {
  using time = new FakeTime();
  const seen: string[] = [];
  const waited = user.run("alice", awaitTimer, seen);
  user.run("bob", () => time.tick(1000));
  await waited;
  assertEquals(seen, ["alice"]);
});

Deno.test("FakeTime calls back in the context of whoever ticks", () => {
  using time = new FakeTime();
  const seen: string[] = [];
  user.run("alice", callBackLater, seen);
  user.run("bob", () => time.tick(1000));
  assertEquals(seen, ["bob"]);
});

Deno.test("FakeTime calls back in the context of who has set the timer, after keepContexts()", () => {
  using time = new FakeTime();
  keepContexts();
  const seen: string[] = [];
  user.run("alice", callBackLater, seen);
  user.run("bob", () => time.tick(1000));
  assertEquals(seen, ["alice"]);
});

Deno.test("FakeTime restores the clock after keepContexts()", () => {
  const { setTimeout } = globalThis;
  {
    using _time = new FakeTime();
    keepContexts();
  }
  assertEquals(globalThis.setTimeout, setTimeout);
});
