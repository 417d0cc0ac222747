// sessions: a variable that holds an object, read by helpers; then with a class as the default
// deno run examples/sessions.ts
//
// JavaScript suspends at every await, where Python goes on: here the two tasks take turns. What
// matters is each task's own order, and that each sees its own session.

import { ContextVar, createTask } from "@contextvars/contextvars";

class RequestContext {
  readonly userId: number;
  readonly session: string;

  constructor(userId = 0, session = "default") {
    this.userId = userId;
    this.session = session;
  }
}

async function main(variable: ContextVar<RequestContext>): Promise<void> {
  // deno-lint-ignore require-await -- as in the documents: async, and it does not suspend
  async function processData(): Promise<void> {
    console.log(`Processing data for user ${variable.get().userId}`);
  }

  // deno-lint-ignore require-await
  async function logActivity(): Promise<void> {
    console.log(`Logging activity for session ${variable.get().session}`);
  }

  async function handleRequest(session: RequestContext): Promise<void> {
    variable.set(session);
    await processData();
    await logActivity();
  }

  await Promise.all([
    createTask(handleRequest, new RequestContext(1, "Session-1")),
    createTask(handleRequest, { userId: 2, session: "Session-2" }),
  ]);
}

await createTask(main, new ContextVar<RequestContext>("session"));

const request = new ContextVar("request", { default: new RequestContext() });
await createTask(main, request);
console.log(`Outside: user ${request.get().userId}, session ${request.get().session}`);

// Prints:
// Processing data for user 1
// Processing data for user 2
// Logging activity for session Session-1
// Logging activity for session Session-2
// Processing data for user 1
// Processing data for user 2
// Logging activity for session Session-1
// Logging activity for session Session-2
// Outside: user 0, session default
