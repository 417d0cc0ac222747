// middleware: a request id that every layer of a server reads, and nobody passes on
// deno run --allow-net=127.0.0.1 examples/middleware.ts

import "@contextvars/contextvars/servers"; // each request is a task
import { setTimeout } from "node:timers/promises";
import { ContextVar } from "@contextvars/contextvars";

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

const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
const server = Deno.serve(options, withRequestId(route));

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

// Prints:
// req-1: row for req-1, rendered for req-1
// req-2: row for req-2, rendered for req-2
// req-3: row for req-3, rendered for req-3
// Outside: none
