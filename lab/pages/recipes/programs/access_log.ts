/** Access logs of node:http: the line has what the request has set until its end. */

import "@contextvars/contextvars/servers";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ContextVar } from "@contextvars/contextvars";
import { conclude, concurrently, count, turns } from "../tally.ts";

const requestId = new ContextVar("requestId", { default: "-" });

async function handler(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on("close", () => log(request));
  await authenticate(request);
  response.write("begun, ");
  await turns();
  response.end("ended");
}

const server = createServer(handler).listen(0, "127.0.0.1");

async function authenticate(request: IncomingMessage): Promise<void> {
  await turns();
  requestId.set(String(request.headers["x-request-id"]));
}

function log(request: IncomingMessage): void {
  count(requestId.get(), String(request.headers["x-request-id"]));
}

await once(server, "listening");
const { port } = server.address() as AddressInfo;
await concurrently(requestId, async (id) => {
  const headers = { "x-request-id": id };
  const response = await fetch(`http://127.0.0.1:${port}`, { headers });
  if (Math.random() < 0.5) await response.text();
  else await response.body!.cancel(); // the client leaves in the middle
});
await new Promise((resolve) => server.close(resolve));
conclude(200);

// wrong, without the import: import "@contextvars/contextvars/servers"; ~>
