// set, get, reset: a value and the way back; then an override until the work is done
// deno run examples/set_get_reset.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, createTask } from "@contextvars/contextvars";

interface User {
  readonly user?: string;
  readonly guest: boolean;
}

const userContext = new ContextVar<User>("user_context", { default: { guest: true } });

// At module level, outside any task.
console.log(userContext.get());
const token = userContext.set({ user: "alice", guest: false });
console.log(userContext.get());
userContext.reset(token);
console.log(userContext.get());

async function work(): Promise<void> {
  await setTimeout(10);
  console.log(`Working as ${userContext.get().user ?? "guest"}`);
}

async function withAdminPrivileges(): Promise<void> {
  const token = userContext.set({ user: "admin", guest: false });
  try {
    await work();
  } finally {
    userContext.reset(token);
  }
}

async function withUsing(): Promise<void> {
  using _token = userContext.set({ user: "root", guest: false }); // the whole task sees it
  await work();
}

await createTask(async () => {
  await withAdminPrivileges();
  await work();
  await withUsing();
  await work();
});

// Prints:
// { guest: true }
// { user: "alice", guest: false }
// { guest: true }
// Working as admin
// Working as guest
// Working as root
// Working as guest
