/** Servers of HTTP and their clients, on loopback. */

import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Doors, load } from "../door.ts";

const http = await load(import("node:http"));

/** The part of Bun's server that is used here. */
interface BunServer {
  readonly port: number;
  stop(): void;
}

declare const Bun: {
  serve(options: { port: number; fetch: (request: Request) => Response }): BunServer;
};

export const httpDoors: Doors = {
  async "fetch, its response"({ callback, elsewhere }) {
    await using server = await elsewhere(serve);
    const response = await fetch(server.url);
    callback();
    await response.text();
  },
  async "fetch, its body"({ callback, elsewhere }) {
    await using server = await elsewhere(serve);
    const response = await fetch(server.url);
    await response.text();
    callback();
  },
  async "Deno.serve handler"({ callback, elsewhere }) {
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
      callback();
      return new Response();
    });
    await elsewhere(() => get(`http://127.0.0.1:${server.addr.port}/`));
  },
  async "Deno.serve onListen"({ callback }) {
    const options = { hostname: "127.0.0.1", port: 0, onListen: callback };
    await using _server = Deno.serve(options, () => new Response());
  },
  async "Bun.serve handler"({ callback, elsewhere }) {
    const server = Bun.serve({
      port: 0,
      fetch() {
        callback();
        return new Response();
      },
    });
    await elsewhere(() => get(`http://127.0.0.1:${server.port}/`));
    server.stop();
  },
  async "node:http server, its handler"({ callback, elsewhere }) {
    await using server = await serve(callback);
    await elsewhere(() => get(server.url));
  },
  async "node:http server, its handler, of a second request"({ callback, elsewhere }) {
    let requests = 0;
    await using server = await serve(() => ++requests === 2 && callback());
    await elsewhere(() => get(server.url));
    await elsewhere(() => get(server.url));
  },
  async "node:http server, the request's end"({ callback, called, elsewhere }) {
    await using server = await serve((request) => void request.on("end", callback).resume());
    elsewhere(() => http.get(server.url).on("error", () => {}));
    await called;
  },
  async "node:http client, its response"({ callback, called, elsewhere }) {
    await using server = await elsewhere(serve);
    http.get(server.url, (response) => {
      callback();
      response.resume();
    });
    await called;
  },
  async "node:http client, the response's data and end"({ callback, called, elsewhere }) {
    await using server = await elsewhere(serve);
    http.get(server.url, (response) => void response.resume().on("end", callback));
    await called;
  },
  async "node:http client, its error"({ callback, called }) {
    http.get("http://127.0.0.1:1/", { agent: false }).on("error", callback);
    await called;
  },
};

/** Serves a text on loopback; hands each request to `handler` first. */
export async function serve(
  handler: (request: IncomingMessage) => unknown = () => {},
): Promise<AsyncDisposable & { server: Server; url: string }> {
  const server = http.createServer((request, response) => {
    handler(request);
    response.setHeader("connection", "close").end("text");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function get(url: string): Promise<void> {
  const response = await fetch(url);
  await response.text();
}
