/** Fastify. */

// deno-lint-ignore-file require-await -- such a hook needs no callback

import "@contextvars/contextvars/servers";
import { Readable } from "node:stream";
import Fastify from "fastify";
import { begin, fail, hello, lines, listen, see, work } from "../shared/probe.ts";

const app = Fastify();
app.addHook("onRequest", ({ headers }, reply, done) => {
  listen(reply.raw, headers["x-user"]);
  begin(headers["x-user"]);
  done();
});
app.addHook("preHandler", async ({ headers }) => see("preHandler", headers["x-user"]));
app.addHook("onSend", async ({ headers }) => see("onSend", headers["x-user"]));
app.addHook("onResponse", async ({ headers }) => see("onResponse of Fastify", headers["x-user"]));
app.addHook("onError", async ({ headers }) => see("onError", headers["x-user"]));
app.addHook("onRequestAbort", async ({ headers }) => see("onRequestAbort", headers["x-user"]));
app.get("/", ({ headers }) => work(headers["x-user"]));
app.post("/", ({ headers }) => hello("after the body", headers["x-user"]));
app.get("/stream", ({ headers }, reply) => {
  return reply.send(Readable.from(lines("streamed body", headers["x-user"])));
});
app.get("/error", fail);
app.setErrorHandler((_error, { headers }, reply) => {
  return reply.status(500).send(hello("error handler", headers["x-user"]));
});

await app.listen({ host: "127.0.0.1", port: 8000 });

// asked for: usual, stream
// by its line: = Fastify(); ~> = Fastify();\napp.addHook("onRequest", (_request, _reply, done) => new Context().run(done));
// wrong, without the import, createTask in the hook: = Fastify(); ~> = Fastify();\napp.addHook("onRequest", (_request, _reply, done) => void createTask(done));
