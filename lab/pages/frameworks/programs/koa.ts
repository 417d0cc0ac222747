/** Koa: docs/frameworks.md has the lines to copy. */

import { createServer } from "node:http";
import { Readable } from "node:stream";
import { json } from "node:stream/consumers";
import { ContextVar, copyContext } from "@contextvars/contextvars";
import { currentContext } from "@contextvars/contextvars";
import Koa from "koa";
import { countReads, pause, seeHelped } from "../probe.ts";

const user = new ContextVar("user", { default: "anonymous" });
const see = countReads(user);

const app = new Koa();
app.silent = true;
app.use(async (context, next) => {
  const name = context.get("x-user");
  see("start", null);
  context.res.on("finish", () => see("finish", name));
  context.res.on("close", () => see("close", name));
  context.res.on("close", currentContext().bind(() => see("close, bound", name)));
  if (name !== "") user.set(name);
  await next();
  see("after next", name);
});
app.use(async (context, next) => {
  try {
    await next();
  } catch (error) {
    see("catch", context.get("x-user"));
    context.status = 500;
    context.body = `sorry, ${user.get()}\n`;
    app.emit("error", error, context);
  }
});
app.use(async (context) => {
  const name = context.get("x-user");
  async function* lines(): AsyncGenerator<string> {
    for (let left = 3; left > 0; left--) {
      await pause();
      see("generator", name);
      yield `${user.get()}\n`;
    }
  }
  if (context.method === "POST") await json(context.req);
  await pause(name);
  seeHelped(name);
  see("handler", name);
  if (context.path === "/error") throw new Error();
  context.body = `hello, ${user.get()}\n`;
  if (context.path === "/stream") context.body = Readable.from(lines());
});
app.on("error", (_error, context) => see("error listener", context.get("x-user")));

createServer(copyContext().bind(app.callback())).listen(8000, "127.0.0.1");
