/** node:http; with other names node:https and node:http2. */

import "@contextvars/contextvars/servers";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { currentContext } from "@contextvars/contextvars";
import { begin, fail, lines, listen, see, user, work } from "../probe.ts";

async function handler(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = request.headers["x-user"];
  listen(response, name);
  begin(name);
  if (request.url === "/raw") {
    request.on("data", () => see("data listener", name));
    request.on("end", () => see("end listener", name));
    request.on("end", currentContext().bind(() => response.end(user.get())));
    return;
  }
  if (request.method === "POST") {
    for await (const _ of request) see("for await", name);
  }
  const answer = await work(name);
  if (request.url === "/stream") {
    for await (const line of lines("streamed body", name)) response.write(line);
  }
  if (request.url === "/error") {
    await fail().catch(() => response.writeHead(500).write(`sorry, ${user.get()}\n`));
  }
  response.end(answer);
}

createServer(handler).listen(8000, "127.0.0.1");
