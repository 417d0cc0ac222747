/** Hapi. */

import "@contextvars/contextvars/servers";
import { Readable } from "node:stream";
import Hapi from "@hapi/hapi";
import { begin, fail, hello, lines, listen, type Name, see, work } from "../shared/probe.ts";

const nameOf = ({ headers }: Hapi.Request) => headers["x-user"] as Name;
const server = Hapi.server({ host: "127.0.0.1", port: 8000, debug: false });
server.ext("onRequest", (request, h) => {
  listen(request.raw.res, nameOf(request));
  begin(nameOf(request));
  return h.continue;
});
server.ext("onPreResponse", (request, h) => {
  if (!("isBoom" in request.response)) return h.continue;
  return h.response(hello("onPreResponse", nameOf(request))).code(500);
});
server.events.on("response", (request) => see("response event", nameOf(request)));
server.route([
  { method: "GET", path: "/", handler: (request) => work(nameOf(request)) },
  { method: "POST", path: "/", handler: (request) => hello("after the body", nameOf(request)) },
  {
    method: "GET",
    path: "/stream",
    handler: (request, h) =>
      h.response(Readable.from(lines("streamed body", nameOf(request)), { objectMode: false })),
  },
  { method: "GET", path: "/error", handler: fail },
]);
await server.start();

// asked for: usual, stream
