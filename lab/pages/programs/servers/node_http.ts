/** node:http; with other names node:https and node:http2. */

import "@contextvars/contextvars/servers";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { currentContext } from "@contextvars/contextvars";
import { begin, fail, lines, listen, pause, see, user, work } from "../shared/probe.ts";

const nameOf = (request: IncomingMessage) => request.headers["x-user"];
const log = (request: IncomingMessage) => see("access log", nameOf(request));
const greet = (request: IncomingMessage) => work(nameOf(request));

async function authenticate(request: IncomingMessage): Promise<void> {
  begin(nameOf(request));
  await pause();
}

async function handler(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on("close", () => log(request));
  const name = nameOf(request);
  listen(response, name);
  await authenticate(request);
  if (request.url === "/raw") {
    request.on("data", () => see("data listener", name));
    request.on("end", () => see("end listener", name));
    request.on("end", currentContext().bind(() => response.end(user.get())));
    return;
  }
  if (request.method === "POST") {
    for await (const _ of request) see("for await", name);
  }
  if (request.url === "/stream") {
    for await (const line of lines("streamed body", name)) response.write(line);
  }
  if (request.url === "/error") {
    await fail().catch(() => response.writeHead(500).write(`sorry, ${user.get()}\n`));
  }
  const answer = await greet(request);
  response.end(answer);
}

createServer(handler).listen(8000, "127.0.0.1");

// asked for: usual, stream, raw
// as node:https: "node:http"; ~> "node:https";\nimport { cert, key } from "../certificate.ts";
// as node:https: createServer(handler) ~> createServer({ key, cert }, handler)
// as node:http2: { createServer } from "node:http"; ~> { createSecureServer } from "node:http2";\nimport { cert, key } from "../certificate.ts";
// as node:http2: createServer(handler) ~> createSecureServer({ key, cert, allowHTTP1: true }, handler)
// by its line: createServer(handler) ~> createServer(new Context().bind(handler))
