// auth: a wrapper sets the user for a handler; and a helper sets it for its awaiter
// deno run examples/auth.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, createTask } from "@contextvars/contextvars";

const users = new Map([["token-a", "alice"], ["token-b", "bob"]]);
const currentUser = new ContextVar("current_user", { default: "anonymous" });

async function authenticate(credentials: string): Promise<string> {
  await setTimeout(10); // a look at the database
  const user = users.get(credentials);
  if (user === undefined) throw new Error("401 Unauthorized");
  return user;
}

function requireAuth<R>(handler: () => Promise<R>): (credentials: string) => Promise<R> {
  return async (credentials) => {
    const token = currentUser.set(await authenticate(credentials));
    try {
      return await handler();
    } finally {
      currentUser.reset(token);
    }
  };
}

const showProfile = requireAuth(async () => {
  await setTimeout(10);
  return `Profile of ${currentUser.get()}`;
});

const attempts = ["token-a", "token-b", "forged"];
const results = await Promise.allSettled(attempts.map((it) => createTask(showProfile, it)));
for (const result of results) {
  console.log(result.status === "fulfilled" ? result.value : result.reason.message);
}

/** Sets the user for whoever awaits it: they share one task, and so one context. */
async function logIn(credentials: string): Promise<void> {
  currentUser.set(await authenticate(credentials));
}

await createTask(async () => {
  await logIn("token-b");
  console.log(`After logIn: ${currentUser.get()}`);
});
console.log(`Outside: ${currentUser.get()}`);
