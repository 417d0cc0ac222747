/** Prints what messages of a queue and runs of a cron job start with, each of which sets a value. */

import { ContextVar } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "anonymous" });
const seen: string[] = [];

function job(name: unknown): void {
  seen.push(user.get());
  user.set(String(name));
}

let run: ((name: string) => void) | undefined;
const cron = (...args: unknown[]) => run = args.at(-1) as typeof run; // the real one waits a minute
Object.defineProperty(Deno, "cron", { configurable: true, get: () => cron });
await import("@contextvars/contextvars/servers");

Deno.cron("job", "* * * * *", { backoffSchedule: [] }, job as () => void);
run!("alice");
run!("bob");

const kv = await Deno.openKv(":memory:");
const { promise, resolve } = Promise.withResolvers<void>();
kv.listenQueue((name) => {
  job(name);
  if (seen.length === 4) resolve();
});
await kv.enqueue("alice");
await kv.enqueue("bob");
await promise;
console.log(seen.join());
Deno.exit();
