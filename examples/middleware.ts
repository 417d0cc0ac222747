// middleware: a request id that every layer of a server reads, and nobody passes on
// deno run --allow-net=127.0.0.1 examples/middleware.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, copyContext } from "@contextvars/contextvars";

type Handler = (request: Request) => Promise<Response>;

const requestId = new ContextVar("request_id", { default: "none" });

function withRequestId(handler: Handler): Handler {
  return async (request) => {
    requestId.set(request.headers.get("x-request-id") ?? crypto.randomUUID());
    const response = await handler(request);
    response.headers.set("x-request-id", requestId.get());
    return response;
  };
}

async function queryDatabase(): Promise<string> {
  await setTimeout(20);
  return `row for ${requestId.get()}`;
}

async function route(): Promise<Response> {
  const row = await queryDatabase();
  return new Response(`${row}, rendered for ${requestId.get()}`);
}

// Bound: each request is a task in a context of its own.
const handler = copyContext().bind(withRequestId(route));
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);

async function get(id: string): Promise<string> {
  const { port } = server.addr;
  const headers = { "x-request-id": id };
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers });
  return `${response.headers.get("x-request-id")}: ${await response.text()}`;
}

const lines = await Promise.all(["req-1", "req-2", "req-3"].map(get));
lines.forEach((line) => console.log(line));
console.log(`Outside: ${requestId.get()}`);
await server.shutdown();
