/** Servers under test: supertest starts a real one, and app.request() of hono none. */

import "@contextvars/contextvars/servers";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Context, ContextVar } from "@contextvars/contextvars";
import { Hono } from "hono";
import supertest from "supertest";
import { conclude, concurrently, count } from "../shared/tally.ts";

const user = new ContextVar("user", { default: "anonymous" });

async function setUser(name: string | string[] | undefined): Promise<void> {
  await Promise.resolve();
  if (name !== undefined) user.set(String(name));
}

async function listener(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await setUser(request.headers["x-user"]);
  response.end(user.get());
}

const app = new Hono();
app.use(async (context, next) => {
  await setUser(context.req.header("x-user"));
  await next();
});
app.get("/", (context) => context.text(user.get()));

await concurrently(async (name) => {
  const answer = await supertest(listener).get("/").set("x-user", name);
  count(answer.text, name);
  count(user.get(), "anonymous");
}, 20);
// As a test file does: outside tasks.
for (const name of ["alice", "bob"]) {
  const headers = { "x-user": name };
  const response = await new Context().run(() => app.request("/", { headers }));
  count(await response.text(), name);
}
conclude(42);

// wrong, in the test's own context: new Context().run(() => app.request("/", { headers })) ~> app.request("/", { headers })
// wrong, without the import
