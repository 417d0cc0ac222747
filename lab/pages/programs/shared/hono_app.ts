/** A hono application, which the files beside it serve. */

import { Hono } from "hono";
import { stream } from "hono/streaming";
import { begin, bytes, fail, hello, lines, see, work } from "./probe.ts";

export const app = new Hono();
app.use(async (context, next) => {
  const name = context.req.header("x-user");
  begin(name);
  await next();
  see("after next", name);
});
app.get("/", async (context) => context.text(await work(context.req.header("x-user"))));
app.post("/", async (context) => {
  await context.req.json();
  return context.text(hello("after the body", context.req.header("x-user")));
});
app.get("/stream", (context) =>
  stream(context, async (body) => {
    const name = context.req.header("x-user");
    body.onAbort(() => see("onAbort", name));
    for await (const line of lines("streamed body", name)) await body.write(line);
  }));
app.get("/generator", (context) => context.body(bytes("generator", context.req.header("x-user"))));
app.get("/error", fail);
app.onError((_error, context) => context.text(hello("onError", context.req.header("x-user")), 500));
