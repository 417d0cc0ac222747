/** Fastify: docs/frameworks.md has the lines to copy. */

import { Readable } from "node:stream";
import { Context, ContextVar } from "@contextvars/contextvars";
import { currentContext } from "@contextvars/contextvars";
import Fastify from "fastify";
import { countReads, pause, seeHelped } from "../probe.ts";

const user = new ContextVar("user", { default: "anonymous" });
const see = countReads(user);

const app = Fastify();
app.addHook("onRequest", (_request, _reply, done) => new Context().run(done));
app.addHook("onRequest", (request, reply, done) => {
  const name = request.headers["x-user"];
  see("start", null);
  reply.raw.on("finish", () => see("finish", name));
  reply.raw.on("close", () => see("close", name));
  reply.raw.on("close", currentContext().bind(() => see("close, bound", name)));
  if (typeof name === "string") user.set(name);
  done();
});
app.addHook("preHandler", ({ headers }, _reply, done) => {
  see("preHandler", headers["x-user"]);
  done();
});
app.addHook("onSend", ({ headers }, _reply, payload, done) => {
  see("onSend", headers["x-user"]);
  done(null, payload);
});
app.addHook("onResponse", ({ headers }, _reply, done) => {
  see("onResponse", headers["x-user"]);
  done();
});
app.addHook("onError", ({ headers }, _reply, _error, done) => {
  see("onError", headers["x-user"]);
  done();
});
app.addHook("onRequestAbort", ({ headers }, done) => {
  see("onRequestAbort", headers["x-user"]);
  done();
});
app.get("/", async (request) => {
  await pause(request.headers["x-user"]);
  seeHelped(request.headers["x-user"]);
  see("handler", request.headers["x-user"]);
  return `hello, ${user.get()}\n`;
});
app.post("/", ({ headers }, reply) => {
  see("after the body", headers["x-user"]);
  reply.send(`hello, ${user.get()}\n`);
});
app.get("/stream", ({ headers }, reply) => {
  async function* lines(): AsyncGenerator<string> {
    for (let left = 3; left > 0; left--) {
      await pause();
      see("generator", headers["x-user"]);
      yield `${user.get()}\n`;
    }
  }
  return reply.send(Readable.from(lines()));
});
app.get("/error", async () => {
  await pause();
  throw new Error();
});
app.setErrorHandler((_error, { headers }, reply) => {
  see("error handler", headers["x-user"]);
  return reply.status(500).send(`sorry, ${user.get()}\n`);
});

await app.listen({ host: "127.0.0.1", port: 8000 });
