/** Servers of HTTP and their clients, on loopback. */

import http, { type IncomingMessage, type ServerResponse } from "node:http";
import net from "node:net";
import { copyContext } from "@contextvars/contextvars";
import type { Attempt, Case, Cases } from "../attempt.ts";
import { inListener, on, once, type Send } from "../emitter.ts";
import { bunServe, denoServe, get, listening, portOf, urlOf } from "../servers.ts";

const UPGRADE = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";

export const httpCases: Cases = {
  async "Deno.serve handler"(attempt) {
    const url = denoServe(attempt, () => (attempt.callback(), new Response()));
    await attempt.fireTwice(() => get(url));
  },
  "Deno.serve, a request's abort, in a bound handler": inDenoHandler((callback, { signal }) => {
    signal.addEventListener("abort", callback);
    return new Response(endless());
  }, leave),
  async "Deno.serve, pull of a response's body"({ callback, fire, ...attempt }) {
    const pull = (body: ReadableStreamDefaultController) => (callback(), body.close());
    const body = new ReadableStream({ pull }, { highWaterMark: 0 });
    const url = denoServe(attempt, () => new Response(body));
    await fire(() => get(url));
  },
  "Deno.serve, a generator as the response's body, in a bound handler": inDenoHandler(
    (callback) => new Response(ReadableStream.from(oneChunk(callback))),
  ),
  "Deno.serve, that generator bound, in a bound handler": inDenoHandler(
    (callback) => new Response(ReadableStream.from(copyContext().bind(oneChunk)(callback))),
  ),
  "Deno.serve, that generator through a TransformStream, in a bound handler": inDenoHandler(
    (callback) => {
      const body = ReadableStream.from(oneChunk(callback));
      return new Response(body.pipeThrough(new TransformStream()));
    },
  ),
  "Deno.serve, cancel of a response's body, in a bound handler": inDenoHandler(
    (callback) => new Response(endless(callback)),
    leave,
  ),
  async "Deno.serve onError"(attempt) {
    const onError = () => (attempt.callback(), new Response());
    const url = denoServe(attempt, () => Promise.reject(new Error()), { onError });
    await attempt.fire(() => get(url));
  },
  async "Bun.serve handler"(attempt) {
    const url = bunServe(attempt, () => (attempt.callback(), new Response()));
    await attempt.fireTwice(() => get(url));
  },
  "node:http server, its handler": on(serve, "request", (server) => get(urlOf(server))),
  "node:http server, data of a request, in a bound handler": ofRequest("data", "write twice"),
  "node:http server, end of a request, in a bound handler": ofRequest("end"),
  "node:http server, close of a request, in a bound handler": ofRequest("close"),
  "node:http server, for await over a request, in a bound handler": ofPost(
    async (callback, request) => {
      for await (const _ of request) callback();
    },
    "write twice",
  ),
  "node:http server, finish of a response that a bound handler ends": ofResponse("finish"),
  "node:http server, close of a response that a bound handler ends": ofResponse("close"),
  "node:http server, data of an upgraded socket, in a bound handler": inListener(
    serve,
    "upgrade",
    (callback, _request, socket) => socket.on("error", () => {}).on("data", callback),
    sending(UPGRADE),
    "write twice",
  ),
  "node:http server, upgrade": on(serve, "upgrade", sending(UPGRADE)),
  "node:http server, clientError": on(serve, "clientError", sending("no HTTP\n\n")),
  "node:http client, its response": once(
    async (attempt) => http.get(urlOf(await attempt.fire(() => serve(attempt)))),
    "response",
  ),
  async "node:http client, the response's end"(attempt) {
    const server = await attempt.fire(() => serve(attempt));
    http.get(urlOf(server), (response) => void response.on("end", attempt.callback).resume());
  },
  "node:http client, its error": once(() => http.get({ port: 1 }), "error"),
};

/** The case of a bound handler of Deno.serve. */
export function inDenoHandler(
  handler: (callback: () => void, request: Request) => Response,
  ask: (url: string, attempt: Attempt) => Promise<unknown> = get,
): Case {
  return async (attempt) => {
    const bound = copyContext().bind(async (request: Request) => {
      await Promise.resolve();
      return handler(attempt.callback, request);
    });
    const url = denoServe(attempt, bound);
    await attempt.fire(() => ask(url, attempt));
  };
}

async function* oneChunk(callback: () => void): AsyncGenerator<Uint8Array> {
  callback();
  yield new Uint8Array(1);
}

/** Returns a body that has one chunk, and goes on. */
function endless(cancel = () => {}): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (it) => it.enqueue(new Uint8Array(1)), cancel });
}

/** Asks, and leaves when the body has begun. */
async function leave(url: string): Promise<void> {
  const client = new AbortController();
  const response = await fetch(url, { signal: client.signal });
  await response.body!.getReader().read();
  client.abort();
}

/** Serves by node:http until the attempt is over, and answers each GET. */
export function serve(attempt: Attempt): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    request.on("error", () => {});
    if (request.method === "GET") response.setHeader("connection", "close").end("text");
  });
  return listening(attempt, server);
}

/** The case of a bound handler that gets a request before its body is sent. */
function ofPost(
  handler: (callback: () => void, request: IncomingMessage, response: ServerResponse) => unknown,
  send?: Send,
): Case {
  return inListener(serve, "request", handler, post, send);
}

/** The case of an event of such a request. */
function ofRequest(event: string, send?: Send): Case {
  return ofPost((callback, request) => request.on(event, callback).resume(), send);
}

/** The case of an event of a response that such a handler ends. */
function ofResponse(event: string): Case {
  return ofPost((callback, _request, response) => response.on(event, callback).end("text"));
}

/** Sends a request but for its body. */
function post(server: http.Server, { closing }: Attempt): http.ClientRequest {
  const client = closing(http.request(urlOf(server), { method: "POST" }));
  client.on("response", (response) => response.resume()).flushHeaders();
  return client;
}

/** Returns what connects to a server, and sends it a text. */
function sending(text: string): (server: http.Server, attempt: Attempt) => net.Socket {
  return (server, { closing }) => {
    const client = closing(net.connect(portOf(server), "127.0.0.1"));
    client.write(text);
    return client;
  };
}
