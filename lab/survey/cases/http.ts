/** Servers of HTTP and their clients, on loopback. */

// deno-lint-ignore-file contextvars/copied-handler -- on purpose

import type { ClientRequest, IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { copyContext } from "@contextvars/contextvars";
import { type Attempt, type Cases, load } from "../attempt.ts";
import { deferred } from "../../../tests/deferred.ts";

const http = await load(import("node:http"));
const net = await load(import("node:net"));

declare const Bun: {
  serve(options: { port: number; fetch: () => Response }): { port: number; stop(): void };
};

export const httpCases: Cases = {
  async "Deno.serve handler"({ callback, fireTwice, afterwards }) {
    const server = denoServe(() => {
      callback();
      return new Response();
    });
    afterwards(() => server.shutdown());
    await fireTwice(() => get(server.addr.port));
  },
  async "Deno.serve, a request's abort, in a bound handler"({ callback, fire, afterwards }) {
    const controller = new AbortController();
    const server = denoServe(
      copyContext().bind((request) => {
        request.signal.addEventListener("abort", callback);
        fire(() => controller.abort());
        return new Promise(() => {});
      }),
    );
    afterwards(() => server.shutdown());
    await fire(() => get(server.addr.port, controller.signal).catch(() => {}));
  },
  async "Deno.serve, pull of a response's body"({ callback, fire, afterwards }) {
    const body = new ReadableStream({
      pull(controller) {
        callback();
        controller.close();
      },
    }, { highWaterMark: 0 });
    const server = denoServe(() => new Response(body));
    afterwards(() => server.shutdown());
    await fire(() => get(server.addr.port));
  },
  async "Deno.serve, a request's body, in a bound handler"({ callback, fire, afterwards }) {
    const server = denoServe(
      copyContext().bind(async (request) => {
        await request.text();
        callback();
        return new Response();
      }),
    );
    afterwards(() => server.shutdown());
    await fire(() => fetch(urlOf(server.addr.port), { method: "POST", body: "text" }));
  },
  async "Deno.serve, a generator as the response's body, in a bound handler"(attempt) {
    const respond = () => new Response(ReadableStream.from(oneChunk(attempt.callback)));
    await serveBound(attempt, respond);
  },
  async "Deno.serve, that generator bound, in a bound handler"(attempt) {
    const respond = () => {
      const rows = copyContext().bind(oneChunk);
      return new Response(ReadableStream.from(rows(attempt.callback)));
    };
    await serveBound(attempt, respond);
  },
  async "Deno.serve, that generator through a TransformStream, in a bound handler"(attempt) {
    const respond = () => {
      const body = ReadableStream.from(oneChunk(attempt.callback));
      return new Response(body.pipeThrough(new TransformStream()));
    };
    await serveBound(attempt, respond);
  },
  async "Deno.serve, cancel of a response's body, in a bound handler"(attempt) {
    const start = (controller: ReadableStreamDefaultController) => {
      controller.enqueue(new Uint8Array(1));
    };
    const respond = () => new Response(new ReadableStream({ start, cancel: attempt.callback }));
    await serveBound(attempt, respond, async (port) => {
      const controller = new AbortController();
      const response = await fetch(urlOf(port), { signal: controller.signal });
      await response.body!.getReader().read();
      controller.abort();
    });
  },
  async "Deno.serve onError"({ callback, fire, afterwards }) {
    const onError = () => {
      callback();
      return new Response();
    };
    const options = { hostname: "127.0.0.1", port: 0, onListen() {}, onError };
    const server = Deno.serve(options, () => Promise.reject(new Error()));
    afterwards(() => server.shutdown());
    await fire(() => get(server.addr.port));
  },
  async "Bun.serve handler"({ callback, fireTwice, afterwards }) {
    const server = bunServe(() => {
      callback();
      return new Response();
    });
    afterwards(() => server.stop());
    await fireTwice(() => get(server.port));
  },
  async "node:http server, its handler"(attempt) {
    const { server, port } = await attempt.make(() => serve(attempt));
    server.on("request", attempt.callback);
    await attempt.fireTwice(() => get(port));
  },
  async "node:http server, data of a request, in a bound handler"(attempt) {
    const client = await post(attempt, (request) => request.on("data", attempt.callback));
    await attempt.fireTwice(() => client.write("text"));
  },
  async "node:http server, end of a request, in a bound handler"(attempt) {
    const client = await post(attempt, (it) => it.on("end", attempt.callback).resume());
    attempt.fire(() => client.end());
  },
  async "node:http server, close of a request, in a bound handler"(attempt) {
    const client = await post(attempt, (it) => it.on("close", attempt.callback).resume());
    attempt.fire(() => client.end());
  },
  async "node:http server, for await over a request, in a bound handler"(attempt) {
    const client = await post(attempt, async (request) => {
      for await (const _ of request) attempt.callback();
    });
    await attempt.fireTwice(() => client.write("text"));
  },
  async "node:http server, finish of a response that a bound handler ends"(attempt) {
    const client = await post(attempt, (_request, response) => {
      response.on("finish", attempt.callback).end("text");
    });
    attempt.fire(() => client.end());
  },
  async "node:http server, close of a response that a bound handler ends"(attempt) {
    const client = await post(attempt, (_request, response) => {
      response.on("close", attempt.callback).end("text");
    });
    attempt.fire(() => client.end());
  },
  async "node:http server, data of an upgraded socket, in a bound handler"(attempt) {
    const { server, port } = await attempt.makeServer(() => serve(attempt));
    const upgrade = copyContext().bind((_request: IncomingMessage, socket: Duplex) => {
      socket.write("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
      socket.on("error", () => {}).on("data", attempt.callback);
      attempt.afterwards(() => socket.destroy());
    });
    server.on("upgrade", upgrade);
    const client = await attempt.fire(() => upgraded(attempt, port));
    await attempt.fireTwice(() => client.write("text"));
  },
  async "node:http server, upgrade"(attempt) {
    const { server, port } = await attempt.make(() => serve(attempt));
    server.on("upgrade", (_request, socket) => {
      attempt.callback();
      socket.destroy();
    });
    const headers = { connection: "Upgrade", upgrade: "echo" };
    await attempt.fireTwice(() => http.get({ port, headers }).on("error", () => {}));
  },
  async "node:http server, clientError"(attempt) {
    const { server, port } = await attempt.make(() => serve(attempt));
    server.on("clientError", (_error, socket) => {
      attempt.callback();
      socket.destroy();
    });
    await attempt.fireTwice(() => net.connect(port).on("error", () => {}).write("no HTTP\n\n"));
  },
  async "node:http server, setTimeout of a response, in a bound handler"(attempt) {
    await post(attempt, (_request, response) => response.setTimeout(1, attempt.callback));
  },
  async "EventSource message"(attempt) {
    const { server, port } = await attempt.fire(() => serve(attempt, () => {}));
    const responses: ServerResponse[] = [];
    server.on("request", (_request, response) => {
      responses.push(response.setHeader("content-type", "text/event-stream"));
      response.write(":\n\n");
    });
    const source = attempt.make(() => new EventSource(urlOf(port)));
    source.onmessage = attempt.callback;
    attempt.afterwards(() => source.close());
    await new Promise((resolve) => void (source.onopen = resolve));
    await attempt.fireTwice(() => responses[0]!.write("data: text\n\n"));
  },
  async "node:http client, its response"(attempt) {
    const { port } = await attempt.fire(() => serve(attempt));
    const client = attempt.make(() => http.get({ port }));
    client.on("response", (response) => {
      attempt.callback();
      response.resume();
    });
  },
  async "node:http client, the response's end"(attempt) {
    const { port } = await attempt.fire(() => serve(attempt));
    http.get({ port }, (response) => void response.on("end", attempt.callback).resume());
  },
  "node:http client, its error"({ callback, make }) {
    make(() => http.get({ port: 1 })).on("error", callback);
  },
};

/** Serves on loopback until the attempt is over, and answers each GET. */
export async function serve(
  { afterwards }: Attempt,
  handler = (request: IncomingMessage, response: ServerResponse) => {
    request.on("error", () => {});
    if (request.method === "GET") response.setHeader("connection", "close").end("text");
  },
): Promise<{ server: Server; port: number }> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  afterwards(() => server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

/** Has a bound handler called with a request whose body is still to be sent by its client. */
async function post(
  attempt: Attempt,
  handler: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<ClientRequest> {
  const { server, port } = await attempt.makeServer(() => serve(attempt));
  const { promise: handled, resolve } = deferred();
  const bound = copyContext().bind(handler);
  server.on("request", (request, response) => {
    Promise.resolve(bound(request, response)).catch(() => {}); // the client leaves too early
    resolve();
  });
  const client = attempt.fire(() => http.request({ port, method: "POST" }));
  client.on("error", () => {}).on("response", (response) => response.resume());
  attempt.afterwards(() => client.destroy());
  attempt.fire(() => client.flushHeaders());
  await handled;
  return client;
}

/** Connects, and has the connection upgraded. */
async function upgraded({ afterwards }: Attempt, port: number): Promise<Duplex> {
  const client = http.request({ port, headers: { connection: "Upgrade", upgrade: "echo" } });
  const { promise, resolve } = deferred<Duplex>();
  client.on("upgrade", (_response, socket) => resolve(socket.on("error", () => {}))).end();
  afterwards(() => client.destroy());
  return await promise;
}

/** Serves on loopback, on Deno. */
export function denoServe(handler: Deno.ServeHandler): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
}

/** Serves on loopback, on Bun. */
export function bunServe(fetch: () => Response): { port: number; stop(): void } {
  return Bun.serve({ port: 0, fetch });
}

/** Serves with a bound handler, on Deno, and asks it from fire. */
async function serveBound(
  { fire, afterwards }: Attempt,
  respond: () => Response,
  ask: (port: number) => Promise<unknown> = get,
): Promise<void> {
  const handler = async () => {
    await Promise.resolve();
    return respond();
  };
  const server = denoServe(copyContext().bind(handler));
  afterwards(() => server.shutdown());
  await fire(() => ask(server.addr.port));
}

async function* oneChunk(callback: () => void): AsyncGenerator<Uint8Array> {
  callback();
  yield new Uint8Array(1);
}

/** Sends two requests, and tells whether the response to the second is "true". */
export async function askTwice(port: number): Promise<boolean> {
  await get(port);
  return await get(port) === "true";
}

async function get(port: number, signal?: AbortSignal): Promise<string> {
  const response = await fetch(urlOf(port), { signal: signal ?? null });
  return await response.text();
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}/`;
}
