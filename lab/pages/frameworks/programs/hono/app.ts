/** A hono application; deno.ts and node.ts serve it. */

// deno-lint-ignore-file contextvars/unbound-generator -- on purpose

import { ContextVar } from "@contextvars/contextvars";
import { Hono } from "hono";
import { stream } from "hono/streaming";
import { countReads, pause, seeHelped } from "../../probe.ts";

export const user = new ContextVar("user", { default: "anonymous" });
const see = countReads(user);

export const app = new Hono();
app.use(async (context, next) => {
  const name = context.req.header("x-user");
  see("start", null);
  if (name !== undefined) user.set(name);
  await next();
  see("after next", name);
});
app.get("/", async (context) => {
  await pause(context.req.header("x-user"));
  seeHelped(context.req.header("x-user"));
  see("handler", context.req.header("x-user"));
  return context.text(`hello, ${user.get()}\n`);
});
app.post("/", async (context) => {
  await context.req.json();
  see("after the body", context.req.header("x-user"));
  return context.text(`hello, ${user.get()}\n`);
});
app.get("/stream", (context) =>
  stream(context, async (body) => {
    const name = context.req.header("x-user");
    body.onAbort(() => see("onAbort", name));
    for (let left = 3; left > 0; left--) {
      await pause();
      see("streamed body", name);
      await body.write(`${user.get()}\n`);
    }
  }));
app.get("/lost/stream", (context) => {
  async function* lines(): AsyncGenerator<Uint8Array> {
    for (let left = 3; left > 0; left--) {
      await pause();
      see("generator", context.req.header("x-user"));
      yield new TextEncoder().encode(`${user.get()}\n`);
    }
  }
  return context.body(ReadableStream.from(lines()));
});
app.get("/error", async () => {
  await pause();
  throw new Error();
});
app.onError((_error, context) => {
  see("onError", context.req.header("x-user"));
  return context.text(`sorry, ${user.get()}\n`, 500);
});
