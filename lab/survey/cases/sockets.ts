/** Sockets, their servers, and what is spoken over them, on loopback. */

import type { AddressInfo, Server, Socket } from "node:net";
import { copyContext } from "@contextvars/contextvars";
import { type Attempt, type Cases, load } from "../attempt.ts";
import { deferred } from "../../../tests/deferred.ts";
import { denoServe, serve } from "./http.ts";

const crypto = await load(import("node:crypto"));
const dgram = await load(import("node:dgram"));
const net = await load(import("node:net"));

// RFC 6455, section 1.3.
const WEB_SOCKET_ID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export const sockets: Cases = {
  async "node:net server, connection"(attempt) {
    const { server, port } = await attempt.make(() => listen(attempt));
    server.on("connection", attempt.callback);
    await attempt.fireTwice(() => connect(attempt, port));
  },
  async "node:net server, data of a connection, in a bound listener"(attempt) {
    const { server, port } = await attempt.makeServer(() => listen(attempt));
    server.on("connection", copyContext().bind((socket) => socket.on("data", attempt.callback)));
    const client = attempt.fire(() => connect(attempt, port));
    await attempt.fireTwice(() => client.write("data"));
  },
  async "node:net server, close"({ callback, make, fire }) {
    const server = make(() => net.createServer()).on("close", callback);
    const { promise, resolve } = deferred();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    fire(() => server.close());
  },
  async "node:net socket, connect"(attempt) {
    const socket = await connectToEcho(attempt);
    socket.on("connect", attempt.callback);
  },
  async "node:net socket, data"(attempt) {
    const socket = await connectToEcho(attempt);
    socket.on("data", attempt.callback);
    await attempt.fireTwice(() => socket.write("data"));
  },
  async "node:net socket, end"(attempt) {
    const socket = await connectToEcho(attempt);
    socket.on("end", attempt.callback).resume();
    attempt.fire(() => socket.end());
  },
  async "node:net socket, close"(attempt) {
    const socket = await connectToEcho(attempt);
    socket.on("close", attempt.callback).resume();
    attempt.fire(() => socket.end());
  },
  async "node:net socket, close when it is destroyed"(attempt) {
    const socket = await connectToEcho(attempt);
    socket.on("close", attempt.callback);
    socket.on("connect", () => attempt.fire(() => socket.destroy()));
  },
  async "node:dgram message"({ callback, make, fire, fireTwice, afterwards }) {
    const receiver = make(() => dgram.createSocket("udp4"));
    receiver.on("message", callback);
    afterwards(() => receiver.close());
    await make(() => new Promise<void>((resolve) => void receiver.bind(0, "127.0.0.1", resolve)));
    const sender = fire(() => dgram.createSocket("udp4"));
    afterwards(() => sender.close());
    await fireTwice(() => sender.send("message", receiver.address().port, "127.0.0.1"));
  },
  async "WebSocket open"(attempt) {
    const webSocket = await openWebSocket(attempt);
    webSocket.onopen = attempt.callback;
  },
  async "WebSocket message"(attempt) {
    const webSocket = await openWebSocket(attempt);
    webSocket.onmessage = attempt.callback;
    await new Promise((resolve) => void (webSocket.onopen = resolve));
    await attempt.fireTwice(() => webSocket.send("message"));
  },
  async "WebSocket close"(attempt) {
    const webSocket = await openWebSocket(attempt);
    webSocket.onclose = attempt.callback;
    webSocket.onopen = () => attempt.fire(() => webSocket.close());
  },
  async "Deno.upgradeWebSocket message, in a bound handler"(attempt) {
    const { callback, fire, fireTwice, afterwards } = attempt;
    const server = denoServe(
      copyContext().bind((request) => {
        const { socket, response } = Deno.upgradeWebSocket(request);
        socket.onmessage = callback;
        return response;
      }),
    );
    afterwards(() => server.shutdown());
    const client = fire(() => new WebSocket(`ws://127.0.0.1:${server.addr.port}/`));
    afterwards(() => client.close());
    await new Promise((resolve) => void (client.onopen = resolve));
    await fireTwice(() => client.send("message"));
  },
};
/** Has the maker connect a socket to a server that sends back what it gets. */
async function connectToEcho(attempt: Attempt): Promise<Socket> {
  const { server, port } = await attempt.fire(() => listen(attempt));
  attempt.fire(() => server.on("connection", (peer) => peer.on("error", () => {}).pipe(peer)));
  return attempt.make(() => connect(attempt, port));
}

function connect({ afterwards }: Attempt, port: number): Socket {
  const socket = net.connect(port, "127.0.0.1");
  afterwards(() => socket.destroy());
  return socket;
}

async function listen({ afterwards }: Attempt): Promise<{ server: Server; port: number }> {
  const server = net.createServer();
  const { promise, resolve } = deferred();
  server.listen(0, "127.0.0.1", resolve);
  afterwards(() => server.close());
  await promise;
  return { server, port: (server.address() as AddressInfo).port };
}

/** Has the maker open a WebSocket to a server that answers each message, and a close. */
async function openWebSocket(attempt: Attempt): Promise<WebSocket> {
  const { server, port } = await attempt.fire(() => serve(attempt));
  attempt.fire(() =>
    server.on("upgrade", ({ headers }, socket) => {
      socket.on("error", () => {}).write(handshake(`${headers["sec-websocket-key"]}`));
      socket.on("data", (frame: Uint8Array) => {
        const isClose = (frame[0]! & 0xf) === 8;
        if (isClose) socket.end(new Uint8Array([0x88, 0]));
        else socket.write(new Uint8Array([0x81, 1, 0x61])); // a text, "a"
      });
      attempt.afterwards(() => socket.destroy());
    })
  );
  const webSocket = attempt.make(() => new WebSocket(`ws://127.0.0.1:${port}/`));
  attempt.afterwards(() => webSocket.close());
  return webSocket;
}

function handshake(key: string): string {
  const accept = crypto.createHash("sha1").update(key + WEB_SOCKET_ID).digest("base64");
  return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
    `Sec-WebSocket-Accept: ${accept}\r\n\r\n`;
}
