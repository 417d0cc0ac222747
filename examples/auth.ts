// auth: a wrapper and a decorator that need a user; a helper that sets one for its awaiter
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

/** A decorator: the method can be called only where a user is set. */
function userRequired<This, A extends unknown[], R>(method: (this: This, ...args: A) => R) {
  return function (this: This, ...args: A): R {
    if (currentUser.get() === "anonymous") throw new Error("403 Forbidden");
    return method.apply(this, args);
  };
}

class Documents {
  @userRequired
  delete(name: string): string {
    return `${name} deleted by ${currentUser.get()}`;
  }
}

const documents = new Documents();
await createTask(async () => {
  await logIn("token-b");
  console.log(`After logIn: ${currentUser.get()}`);
  console.log(documents.delete("draft"));
});
try {
  documents.delete("draft");
} catch (error) {
  console.log(`Outside, as ${currentUser.get()}: ${(error as Error).message}`);
}

// Prints:
// Profile of alice
// Profile of bob
// 401 Unauthorized
// After logIn: bob
// draft deleted by bob
// Outside, as anonymous: 403 Forbidden
