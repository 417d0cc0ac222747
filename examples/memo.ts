// memo: a cache that belongs to the current user's context, and goes away with it
// deno run examples/memo.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, createTask } from "@contextvars/contextvars";

const currentUser = new ContextVar<string>("current_user");
const cache = new ContextVar("cache", { defaultFactory: () => new Map<string, number>() });

async function balanceOf(account: string): Promise<number> {
  const cached = cache.get().get(account);
  if (cached !== undefined) return cached;
  console.log(`${currentUser.get()}: asking the bank about ${account}`);
  await setTimeout(10);
  const balance = account.length * 100;
  cache.get().set(account, balance);
  return balance;
}

async function report(user: string, account: string): Promise<void> {
  currentUser.set(user);
  const first = await balanceOf(account);
  const second = await balanceOf(account); // from the cache
  console.log(`${user}: ${first} and ${second}, ${cache.get().size} account cached`);
}

await Promise.all([createTask(report, "Alice", "savings"), createTask(report, "Bob", "salary")]);
