/** Koa. */

import "@contextvars/contextvars/servers";
import { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import Koa from "koa";
import { begin, fail, hello, lines, listen, see, work } from "../shared/probe.ts";

const app = new Koa();
app.silent = true;
app.use(async (context, next) => {
  const name = context.get("x-user");
  listen(context.res, name);
  begin(name);
  await next();
  see("after next", name);
});
app.use(async (context, next) => {
  try {
    await next();
  } catch (error) {
    context.status = 500;
    context.body = hello("catch", context.get("x-user"));
    app.emit("error", error, context);
  }
});
app.use(async (context) => {
  const name = context.get("x-user");
  if (context.method === "POST") await json(context.req);
  context.body = await work(name);
  if (context.path === "/error") await fail();
  if (context.path === "/stream") context.body = Readable.from(lines("streamed body", name));
});
app.on("error", (_error, context) => see("error listener", context.get("x-user")));

app.listen(8000, "127.0.0.1");

// asked for: usual, stream
// by its line: app.listen(8000, "127.0.0.1") ~> createServer(new Context().bind(app.callback())).listen(8000, "127.0.0.1")
// wrong, without the import, as middleware: = new Koa(); ~> = new Koa();\napp.use((_context, next) => new Context().run(next));
