/** Servers of HTTP and their clients, on loopback. */

import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { copyContext } from "@contextvars/contextvars";
import { type Attempt, type Doors, load } from "../door.ts";

const http = await load(import("node:http"));

declare const Bun: {
  serve(options: { port: number; fetch: () => Response }): { port: number; stop(): void };
};

export const httpDoors: Doors = {
  async "fetch, its response"(attempt) {
    const { port } = await attempt.elsewhere(() => serve(attempt));
    const response = await fetch(`http://127.0.0.1:${port}/`);
    attempt.callback();
    await response.text();
  },
  async "fetch, its body"(attempt) {
    const { port } = await attempt.elsewhere(() => serve(attempt));
    const response = await fetch(`http://127.0.0.1:${port}/`);
    await response.text();
    attempt.callback();
  },
  async "Deno.serve handler"({ callback, elsewhere, afterwards }) {
    const server = denoServe(() => {
      callback();
      return new Response();
    });
    afterwards(() => server.shutdown());
    await elsewhere(() => get(server.addr.port));
  },
  async "Deno.serve, a request's abort, in a bound handler"({ callback, elsewhere, afterwards }) {
    const controller = new AbortController();
    const server = denoServe(
      copyContext().bind((request) => {
        request.signal.addEventListener("abort", callback);
        elsewhere(() => controller.abort());
        return new Promise(() => {});
      }),
    );
    afterwards(() => server.shutdown());
    await elsewhere(() => get(server.addr.port, controller.signal).catch(() => {}));
  },
  async "Deno.serve, pull of a response's body"({ callback, elsewhere, afterwards }) {
    const body = new ReadableStream({
      pull(controller) {
        callback();
        controller.close();
      },
    }, { highWaterMark: 0 });
    const server = denoServe(() => new Response(body));
    afterwards(() => server.shutdown());
    await elsewhere(() => get(server.addr.port));
  },
  async "Deno.serve, a generator as the response's body, in a bound handler"(attempt) {
    const respond = () => new Response(ReadableStream.from(oneChunk(attempt.callback)));
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
      const response = await fetch(`http://127.0.0.1:${port}/`, { signal: controller.signal });
      await response.body!.getReader().read();
      controller.abort();
    });
  },
  async "Deno.serve onError"({ callback, elsewhere, afterwards }) {
    const onError = () => {
      callback();
      return new Response();
    };
    const options = { hostname: "127.0.0.1", port: 0, onListen() {}, onError };
    const server = Deno.serve(options, () => Promise.reject(new Error()));
    afterwards(() => server.shutdown());
    await elsewhere(() => get(server.addr.port));
  },
  "Deno.serve onListen"({ callback, afterwards }) {
    const options = { hostname: "127.0.0.1", port: 0, onListen: callback };
    const server = Deno.serve(options, () => new Response());
    afterwards(() => server.shutdown());
  },
  async "Bun.serve handler"({ callback, elsewhere, afterwards }) {
    const server = Bun.serve({
      port: 0,
      fetch() {
        callback();
        return new Response();
      },
    });
    afterwards(() => server.stop());
    await elsewhere(() => get(server.port));
  },
  async "node:http server, its handler"(attempt) {
    const { port } = await serve(attempt, attempt.callback);
    await attempt.elsewhere(() => get(port));
  },
  async "node:http server, its handler, of a second request"(attempt) {
    let requests = 0;
    const { port } = await serve(attempt, () => ++requests === 2 && attempt.callback());
    await attempt.elsewhere(() => get(port));
    await attempt.elsewhere(() => get(port));
  },
  async "node:http server, a request's end, in a bound handler"(attempt) {
    const handler = (request: IncomingMessage) => request.on("end", attempt.callback).resume();
    const { port } = await serve(attempt, copyContext().bind(handler));
    await attempt.elsewhere(() => get(port));
  },
  async "node:http client, its response"(attempt) {
    const { port } = await attempt.elsewhere(() => serve(attempt));
    http.get({ port }, (response) => {
      attempt.callback();
      response.resume();
    });
  },
  async "node:http client, the response's end"(attempt) {
    const { port } = await attempt.elsewhere(() => serve(attempt));
    http.get({ port }, (response) => void response.on("end", attempt.callback).resume());
  },
  "node:http client, its error"({ callback }) {
    http.get({ port: 1 }).on("error", callback);
  },
};

/** Serves a text on loopback until the attempt is over; hands each request to `handler` first. */
export async function serve(
  { afterwards }: Attempt,
  handler: (request: IncomingMessage) => unknown = () => {},
): Promise<{ server: Server; port: number }> {
  const server = http.createServer((request, response) => {
    handler(request);
    response.setHeader("connection", "close").end("text");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  afterwards(() => server.close());
  return { server, port: (server.address() as AddressInfo).port };
}

/** Serves on loopback, on Deno. */
export function denoServe(handler: Deno.ServeHandler): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
}

/** Serves with a bound handler, on Deno, and asks it from elsewhere. */
async function serveBound(
  { elsewhere, afterwards }: Attempt,
  respond: () => Response,
  ask: (port: number) => Promise<void> = get,
): Promise<void> {
  const handler = async () => {
    await Promise.resolve();
    return respond();
  };
  const server = denoServe(copyContext().bind(handler));
  afterwards(() => server.shutdown());
  await elsewhere(() => ask(server.addr.port));
}

async function* oneChunk(callback: () => void): AsyncGenerator<Uint8Array> {
  callback();
  yield new Uint8Array(1);
}

async function get(port: number, signal?: AbortSignal): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/`, { signal: signal ?? null });
  await response.text();
}
