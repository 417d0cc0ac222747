/** Servers under test: supertest starts a real one, and app.request() of hono none. */

import "@contextvars/contextvars/servers";
import { Context, ContextVar } from "@contextvars/contextvars";
import express from "express";
import { Hono } from "hono";
import supertest from "supertest";
import { conclude, concurrently, count, requestId } from "../tally.ts";

const user = new ContextVar("user", { default: "anonymous" });

async function setUser(name: string | undefined): Promise<void> {
  await Promise.resolve();
  if (name !== undefined) user.set(name);
}

const real = express();
real.use((request, _response, next) => void setUser(request.get("x-user")).then(next));
real.get("/", (_request, response) => void response.send(user.get()));

const app = new Hono();
app.use(async (context, next) => {
  await setUser(context.req.header("x-user"));
  await next();
});
app.get("/", (context) => context.text(user.get()));

await concurrently(requestId, async (name) => {
  const answer = await supertest(real).get("/").set("x-user", name);
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
// wrong, without the import: import "@contextvars/contextvars/servers"; ~>
