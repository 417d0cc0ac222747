/** The context follows through the helpers of @std/async. */

import { assertEquals, assertRejects } from "@std/assert";
import { abortable } from "@std/async/abortable";
import { deadline } from "@std/async/deadline";
import { debounce } from "@std/async/debounce";
import { delay } from "@std/async/delay";
import { MuxAsyncIterator } from "@std/async/mux-async-iterator";
import { pooledMap } from "@std/async/pool";
import { retry } from "@std/async/retry";
import { tee } from "@std/async/tee";
import { ContextVar, createTask } from "@contextvars/contextvars";
import { inTask } from "../harness.ts";

const user = new ContextVar("user", { default: "nobody" });

/** Runs a body as two tasks at once, each with its own user, and returns what both saw. */
function asAliceAndBob<R>(body: () => Promise<R>): Promise<R[]> {
  const task = (name: string) => createTask(() => user.run(name, body));
  return Promise.all([task("alice"), task("bob")]);
}

async function* letters(): AsyncGenerator<string> {
  yield `${user.get()} a`;
  await Promise.resolve();
  yield `${user.get()} b`;
}

inTask("The context follows through delay()", async () => {
  const read = async () => {
    await delay(1);
    return user.get();
  };
  assertEquals(await asAliceAndBob(read), ["alice", "bob"]);
});

inTask("The context follows through deadline()", async () => {
  const read = () => deadline(delay(1).then(() => user.get()), 10_000);
  assertEquals(await asAliceAndBob(read), ["alice", "bob"]);
});

inTask("The context is there after deadline() has aborted", async () => {
  const read = async () => {
    const never = new Promise<void>(() => {});
    await assertRejects(() => deadline(never, 1), DOMException);
    return user.get();
  };
  assertEquals(await asAliceAndBob(read), ["alice", "bob"]);
});

inTask("The context follows through abortable()", async () => {
  const read = async () => {
    const controller = new AbortController();
    const aborted = abortable(new Promise<void>(() => {}), controller.signal);
    controller.abort(new RangeError("enough"));
    await assertRejects(() => aborted, RangeError, "enough");
    return user.get();
  };
  assertEquals(await asAliceAndBob(read), ["alice", "bob"]);
});

inTask("The context follows into each attempt of retry()", async () => {
  const read = async () => {
    const seen: string[] = [];
    await retry(async () => {
      seen.push(user.get());
      await Promise.resolve();
      if (seen.length < 3) throw new Error("again");
    }, { minTimeout: 1, maxTimeout: 1, jitter: 0 });
    return seen;
  };
  assertEquals(await asAliceAndBob(read), [
    ["alice", "alice", "alice"],
    ["bob", "bob", "bob"],
  ]);
});

inTask("The context follows into the iterator function of pooledMap()", async () => {
  const read = () =>
    Array.fromAsync(pooledMap(2, [1, 2, 3], async (n: number) => {
      await Promise.resolve();
      return `${user.get()} ${n}`;
    }));
  assertEquals(await asAliceAndBob(read), [
    ["alice 1", "alice 2", "alice 3"],
    ["bob 1", "bob 2", "bob 3"],
  ]);
});

inTask("The context follows into the call that debounce() puts off", async () => {
  const read = () => new Promise<string>((resolve) => debounce(() => resolve(user.get()), 1)());
  assertEquals(await asAliceAndBob(read), ["alice", "bob"]);
});

inTask("The context follows through tee()", async () => {
  const read = async () => {
    const [one, two] = tee(letters());
    return [...await Array.fromAsync(one), ...await Array.fromAsync(two)];
  };
  assertEquals(await asAliceAndBob(read), [
    ["alice a", "alice b", "alice a", "alice b"],
    ["bob a", "bob b", "bob a", "bob b"],
  ]);
});

inTask("The context follows through MuxAsyncIterator", async () => {
  const read = () => {
    const mux = new MuxAsyncIterator<string>();
    mux.add(letters());
    return Array.fromAsync(mux);
  };
  assertEquals(await asAliceAndBob(read), [["alice a", "alice b"], ["bob a", "bob b"]]);
});
