/** HTTP/2 of node:http2, on loopback and without encryption. */

import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  Http2Server,
  ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { copyContext } from "@contextvars/contextvars";
import { type Attempt, type Cases, load } from "../attempt.ts";

const http2 = await load(import("node:http2"));

export const http2Cases: Cases = {
  async "node:http2 server, stream"(attempt) {
    const { server, client } = await attempt.make(() => connect(attempt));
    server.on("stream", attempt.callback);
    await attempt.fireTwice(() => request(client));
  },
  async "node:http2 server, data of a stream, in a bound listener"(attempt) {
    const { server, client } = await attempt.makeServer(() => connect(attempt));
    server.on("stream", bind((stream) => stream.on("data", attempt.callback)));
    const stream = attempt.fire(() => request(client));
    await attempt.fireTwice(() => stream.write("text"));
  },
  async "node:http2 server, end of a stream, in a bound listener"(attempt) {
    const { server, client } = await attempt.makeServer(() => connect(attempt));
    server.on("stream", bind((stream) => stream.on("end", attempt.callback).resume()));
    attempt.fire(() => request(client).end("text"));
  },
  async "node:http2 client, response"(attempt) {
    const stream = await requestEcho(attempt);
    stream.on("response", attempt.callback);
  },
  async "node:http2 client, data of a response"(attempt) {
    const stream = await requestEcho(attempt);
    stream.on("data", attempt.callback);
    await attempt.fireTwice(() => stream.write("text"));
  },
  async "node:http2 client, data of an own request in another task's session"(attempt) {
    const { server, client } = await attempt.make(() => connect(attempt));
    server.on("stream", echo);
    const stream = request(client).on("data", attempt.callback);
    await attempt.fireTwice(() => stream.write("text"));
  },
};

/** Listens, and connects to it in the task that fires. */
async function connect(
  { fire, afterwards }: Attempt,
): Promise<{ server: Http2Server; client: ClientHttp2Session }> {
  const server = http2.createServer();
  server.on("stream", (stream) => stream.on("error", () => {}));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = fire(() => http2.connect(`http://127.0.0.1:${port}`));
  afterwards(() => client.on("error", () => {}).destroy());
  afterwards(() => server.close());
  return { server, client };
}

/** Has the maker send a request to a server that sends back what it gets. */
async function requestEcho(attempt: Attempt): Promise<ClientHttp2Stream> {
  const { server, client } = await attempt.fire(() => connect(attempt));
  server.on("stream", echo);
  return attempt.make(() => request(client));
}

function echo(stream: ServerHttp2Stream): void {
  stream.respond();
  stream.pipe(stream);
}

function bind(listener: (stream: ServerHttp2Stream) => unknown): typeof listener {
  return copyContext().bind(listener);
}

function request(client: ClientHttp2Session): ClientHttp2Stream {
  return client.request({ ":method": "POST" }, { endStream: false }).on("error", () => {});
}
