/** The context follows through the helpers of @std/async, and what FakeTime does to it. */

import { assertEquals, assertRejects } from "@std/assert";
import { abortable } from "@std/async/abortable";
import { deadline } from "@std/async/deadline";
import { debounce } from "@std/async/debounce";
import { delay } from "@std/async/delay";
import { MuxAsyncIterator } from "@std/async/mux-async-iterator";
import { pooledMap } from "@std/async/pool";
import { retry } from "@std/async/retry";
import { tee } from "@std/async/tee";
import { FakeTime } from "@std/testing/time";
import { ContextVar } from "@contextvars/contextvars";
import { keepContexts } from "../pages/recipes/keep_contexts.ts";

const user = new ContextVar("user", { default: "nobody" });

async function* twice(): AsyncGenerator<string> {
  yield user.get();
  await Promise.resolve();
  yield user.get();
}

const helpers: Record<string, () => string[] | Promise<string[]>> = {
  delay: () => delay(1).then(() => [user.get()]),
  deadline: () => deadline(delay(1).then(() => [user.get()]), 10_000),
  async "deadline that is over"() {
    await assertRejects(() => deadline(new Promise(() => {}), 1), DOMException);
    return [user.get()];
  },
  async abortable() {
    const aborted = abortable(new Promise(() => {}), AbortSignal.abort(new RangeError("enough")));
    await assertRejects(() => aborted, RangeError, "enough");
    return [user.get()];
  },
  async retry() {
    const seen: string[] = [];
    await retry(async () => {
      seen.push(user.get());
      await Promise.resolve();
      if (seen.length < 3) throw new Error("again");
    }, { minTimeout: 1, maxTimeout: 1, jitter: 0 });
    return seen;
  },
  pooledMap: () =>
    Array.fromAsync(pooledMap(2, [1, 2, 3], () => Promise.resolve().then(() => user.get()))),
  debounce: () => new Promise((resolve) => debounce(() => resolve([user.get()]), 1)()),
  async tee() {
    const [one, two] = tee(twice()) as [AsyncIterable<string>, AsyncIterable<string>];
    return [...await Array.fromAsync(one), ...await Array.fromAsync(two)];
  },
  MuxAsyncIterator() {
    const mux = new MuxAsyncIterator<string>();
    mux.add(twice());
    return Array.fromAsync(mux);
  },
};

for (const [name, seenIn] of Object.entries(helpers)) {
  Deno.test(`The context follows through ${name} of @std/async`, async () => {
    const seen = await Promise.all(["alice", "bob"].map((name) => user.run(name, seenIn)));
    assertEquals(seen.map((names) => [...new Set(names)]), [["alice"], ["bob"]]);
  });
}

/** Has alice set a timer, and returns what it will have seen. */
function seenByTimer(): string[] {
  const seen: string[] = [];
  user.run("alice", () => setTimeout(() => seen.push(user.get()), 1000));
  return seen;
}

Deno.test("FakeTime lets an await keep its context", async () => {
  using time = new FakeTime();
  const read = () => new Promise((resolve) => setTimeout(resolve, 1000));
  const waited = user.run("alice", () => read().then(() => user.get()));
  user.run("bob", () => time.tick(1000));
  assertEquals(await waited, "alice");
});

Deno.test("FakeTime calls back in the context of whoever ticks", () => {
  using time = new FakeTime();
  const seen = seenByTimer();
  user.run("bob", () => time.tick(1000));
  assertEquals(seen, ["bob"]);
});

Deno.test("FakeTime calls back in the timer's own context, after keepContexts()", () => {
  const { setTimeout } = globalThis;
  {
    using time = new FakeTime();
    keepContexts();
    const seen = seenByTimer();
    user.run("bob", () => time.tick(1000));
    assertEquals(seen, ["alice"]);
  }
  assertEquals(globalThis.setTimeout, setTimeout);
});
