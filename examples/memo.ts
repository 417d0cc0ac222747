// memo: memoize(fn), whose cache belongs to the task of a request and ends with it
// deno run examples/memo.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, createTask } from "@contextvars/contextvars";

/** As `functools.lru_cache`, with a cache for each task; one argument, compared as by a `Map`. */
function memoize<A, R>(fn: (argument: A) => R) {
  const cache = new ContextVar("cache", { defaultFactory: () => new Map<A, R>() });
  function memoized(argument: A): R {
    const results = cache.get();
    if (!results.has(argument)) results.set(argument, fn(argument));
    return results.get(argument)!;
  }
  /** For the start of a task, which inherits the cache that its creator has used. */
  memoized.startEmpty = () => void cache.set(new Map());
  return memoized;
}

const currentUser = new ContextVar<string>("current_user");

const balanceOf = memoize(async (account: string) => {
  console.log(`${currentUser.get()}: asking the bank about ${account}`);
  await setTimeout(10);
  return account.length * 100;
});

async function report(user: string, account: string): Promise<void> {
  currentUser.set(user);
  balanceOf.startEmpty();
  const first = await balanceOf(account);
  const second = await balanceOf(account); // from the cache
  console.log(`${user}: ${first} and ${second}`);
}

await createTask(async () => {
  currentUser.set("Clerk");
  await balanceOf("savings");
  await Promise.all([createTask(report, "Alice", "savings"), createTask(report, "Bob", "savings")]);
});

// Prints:
// Clerk: asking the bank about savings
// Alice: asking the bank about savings
// Bob: asking the bank about savings
// Alice: 700 and 700
// Bob: 700 and 700
