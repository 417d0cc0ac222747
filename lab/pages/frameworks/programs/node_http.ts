/** node:http: docs/frameworks.md has the lines to copy. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { ContextVar, copyContext } from "@contextvars/contextvars";
import { currentContext } from "@contextvars/contextvars";
import { countReads, pause, seeHelped } from "../probe.ts";

const user = new ContextVar("user", { default: "anonymous" });
const see = countReads(user);

async function handler(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = request.headers["x-user"];
  see("start", null);
  response.on("finish", () => see("finish", name));
  response.on("close", () => see("close", name));
  response.on("close", currentContext().bind(() => see("close, bound", name)));
  response.on("close", copyContext().bind(() => see("close, by copyContext().bind", name)));
  if (typeof name === "string") user.set(name);
  if (request.url === "/raw") {
    request.on("data", () => see("data listener", name));
    request.on("end", () => see("end listener", name));
    request.on("end", currentContext().bind(() => response.end(`hello, ${user.get()}\n`)));
    return;
  }
  if (request.method === "POST") {
    for await (const _ of request) see("for await", name);
  }
  await pause(name);
  seeHelped(name);
  see("handler", name);
  if (request.url === "/stream") {
    for (let left = 3; left > 0; left--) {
      response.write(`${user.get()}\n`);
      await pause();
      see("streamed body", name);
    }
  }
  if (request.url === "/error") {
    await failing().catch(() => response.writeHead(500).write(`sorry, ${user.get()}\n`));
  }
  response.end(`hello, ${user.get()}\n`);
}

async function failing(): Promise<never> {
  await pause();
  throw new Error();
}

createServer(copyContext().bind(handler)).listen(8000, "127.0.0.1");
