/** Sockets, their servers, and what is spoken over them, on loopback. */

import type { AddressInfo, Server, Socket } from "node:net";
import { copyContext } from "@contextvars/contextvars";
import { type Attempt, deferred, type Doors, load } from "../door.ts";
import { denoServe, serve } from "./http.ts";

const crypto = await load(import("node:crypto"));
const dgram = await load(import("node:dgram"));
const dns = await load(import("node:dns"));
const net = await load(import("node:net"));

// RFC 6455, section 1.3.
const WEB_SOCKET_ID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export const sockets: Doors = {
  "node:net server, listening"({ callback, afterwards }) {
    const server = net.createServer().listen(0, "127.0.0.1", callback);
    afterwards(() => server.close());
  },
  async "node:net server, connection"(attempt) {
    const port = await listen(attempt, net.createServer(attempt.callback));
    attempt.elsewhere(() => connect(attempt, port));
  },
  async "node:net server, data of a connection"(attempt) {
    const server = net.createServer((socket) => void socket.on("data", attempt.callback));
    const port = await listen(attempt, server);
    attempt.elsewhere(() => connect(attempt, port).write("data"));
  },
  "node:net server, close"({ callback, elsewhere }) {
    const server = net.createServer().on("close", callback);
    server.listen(0, "127.0.0.1", () => elsewhere(() => server.close()));
  },
  async "node:net socket, connect"(attempt) {
    const socket = await connectElsewhere(attempt);
    socket.on("connect", attempt.callback);
  },
  async "node:net socket, write callback"(attempt) {
    const socket = await connectElsewhere(attempt);
    socket.write("data", attempt.callback);
  },
  async "node:net socket, data"(attempt) {
    const socket = await connectElsewhere(attempt);
    socket.on("data", attempt.callback);
  },
  async "node:net socket, end"(attempt) {
    const socket = await connectElsewhere(attempt);
    socket.on("end", attempt.callback).resume();
  },
  async "node:net socket, close"(attempt) {
    const socket = await connectElsewhere(attempt);
    socket.on("close", attempt.callback).resume();
  },
  async "node:net socket, close when another task destroys it"(attempt) {
    const socket = await connectElsewhere(attempt);
    socket.on("close", attempt.callback);
    socket.on("connect", () => attempt.elsewhere(() => socket.destroy()));
  },
  async "node:dgram message"({ callback, elsewhere, afterwards }) {
    const receiver = dgram.createSocket("udp4").on("message", callback);
    afterwards(() => receiver.close());
    await new Promise<void>((resolve) => void receiver.bind(0, "127.0.0.1", resolve));
    const sender = elsewhere(() => dgram.createSocket("udp4"));
    afterwards(() => sender.close());
    elsewhere(() => sender.send("message", receiver.address().port, "127.0.0.1"));
  },
  "node:dns lookup callback"({ callback }) {
    dns.lookup("localhost", callback);
  },
  async "Deno.listen, accept()"({ callback, elsewhere, afterwards }) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    afterwards(() => listener.close());
    const accepting = listener.accept();
    const client = await elsewhere(() => Deno.connect({ port: listener.addr.port }));
    afterwards(() => client.close());
    const connection = await accepting;
    callback();
    connection.close();
  },
  async "WebSocket open"(attempt) {
    const webSocket = await openWebSocket(attempt);
    webSocket.onopen = attempt.callback;
  },
  async "WebSocket message"(attempt) {
    const webSocket = await openWebSocket(attempt);
    webSocket.onmessage = attempt.callback;
  },
  async "WebSocket close"(attempt) {
    const webSocket = await openWebSocket(attempt);
    webSocket.onclose = attempt.callback;
  },
  "Deno.upgradeWebSocket message, in a bound handler"({ callback, elsewhere, afterwards }) {
    const server = denoServe(
      copyContext().bind((request) => {
        const { socket, response } = Deno.upgradeWebSocket(request);
        socket.onmessage = callback;
        return response;
      }),
    );
    afterwards(() => server.shutdown());
    const client = elsewhere(() => new WebSocket(`ws://127.0.0.1:${server.addr.port}/`));
    afterwards(() => client.close());
    client.onopen = () => elsewhere(() => client.send("message"));
  },
};

/** Connects a socket to another task's server, which sends a text and ends. */
async function connectElsewhere(attempt: Attempt): Promise<Socket> {
  const port = await attempt.elsewhere(() => {
    const server = net.createServer((socket) => void socket.on("error", () => {}).end("text"));
    return listen(attempt, server);
  });
  return connect(attempt, port);
}

function connect({ afterwards }: Attempt, port: number): Socket {
  const socket = net.connect(port, "127.0.0.1");
  afterwards(() => socket.destroy());
  return socket;
}

function listen({ afterwards }: Attempt, server: Server): Promise<number> {
  const { promise, resolve } = deferred<number>();
  server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  afterwards(() => server.close());
  return promise;
}

/** Connects a WebSocket to another task's server, which sends a message and closes. */
async function openWebSocket(attempt: Attempt): Promise<WebSocket> {
  const { server, port } = await attempt.elsewhere(() => serve(attempt));
  attempt.elsewhere(() =>
    server.on("upgrade", ({ headers }, socket) => {
      socket.on("error", () => {}).on("data", () => socket.end());
      socket.write(handshake(`${headers["sec-websocket-key"]}`));
      socket.write(new Uint8Array([0x81, 1, 0x61])); // a text, "a"
      socket.write(new Uint8Array([0x88, 0])); // a close
    })
  );
  return new WebSocket(`ws://127.0.0.1:${port}/`);
}

function handshake(key: string): string {
  const accept = crypto.createHash("sha1").update(key + WEB_SOCKET_ID).digest("base64");
  return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
    `Sec-WebSocket-Accept: ${accept}\r\n\r\n`;
}
