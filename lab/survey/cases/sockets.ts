/** Sockets, their servers, and what is spoken over them, on loopback. */

import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import net from "node:net";
import type { Duplex } from "node:stream";
import type { Attempt, Cases } from "../attempt.ts";
import { inListener, on, once } from "../emitter.ts";
import { listening, portOf } from "../servers.ts";
import { inDenoHandler, serve } from "./http.ts";

// RFC 6455, section 1.3.
const WEB_SOCKET_ID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export const sockets: Cases = {
  "node:net server, connection": on(listen, "connection", connect),
  "node:net server, data of a connection, in a bound listener": inListener(
    listen,
    "connection",
    (callback, socket) => socket.on("data", callback),
    connect,
    "write twice",
  ),
  "node:net server, close": once(listen, "close", (server) => server.close()),
  "node:net socket, connect": once(connectToEcho, "connect"),
  "node:net socket, data": on(connectToEcho, "data", (socket) => socket.write("data")),
  "node:net socket, end": once(connectToEcho, "end", (socket) => socket.end()),
  "node:net socket, close": once(connectToEcho, "close", (socket) => socket.end()),
  "node:net socket, close when it is destroyed": once(connectToEcho, "close", (it, { fire }) => {
    it.on("connect", () => fire(() => it.destroy()));
  }),
  "WebSocket open": once(openWebSocket, "open"),
  "WebSocket message": on(
    async (attempt) => await opened(await openWebSocket(attempt)),
    "message",
    (webSocket) => webSocket.send("message"),
  ),
  "Deno.upgradeWebSocket message, in a bound handler": inDenoHandler(
    (callback, request) => {
      const { socket, response } = Deno.upgradeWebSocket(request);
      socket.onmessage = callback;
      return response;
    },
    async (url, { closing, fireTwice }) => {
      const client = closing(await opened(new WebSocket(url)));
      await fireTwice(() => client.send("message"));
    },
  ),
};

function listen(attempt: Attempt): Promise<net.Server> {
  return listening(attempt, net.createServer());
}

function connect(server: net.Server, { closing }: Attempt): net.Socket {
  return closing(net.connect(portOf(server), "127.0.0.1"));
}

/** Connects to a server of whoever fires, which sends back what it gets. */
async function connectToEcho(attempt: Attempt): Promise<net.Socket> {
  const echo = net.createServer((peer) => peer.on("error", () => {}).pipe(peer));
  const server = await attempt.fire(() => listening(attempt, echo));
  return connect(server, attempt).resume();
}

/** Opens a WebSocket to a server of whoever fires. */
async function openWebSocket(attempt: Attempt): Promise<WebSocket> {
  const server = await attempt.fire(() => serve(attempt));
  server.on("upgrade", speakWebSocket);
  return new WebSocket(`ws://127.0.0.1:${portOf(server)}/`);
}

async function opened(webSocket: WebSocket): Promise<WebSocket> {
  await new Promise((resolve) => void (webSocket.onopen = resolve));
  return webSocket;
}

/** Accepts, and answers each message with one. */
function speakWebSocket({ headers }: IncomingMessage, socket: Duplex): void {
  const key = headers["sec-websocket-key"] + WEB_SOCKET_ID;
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}\r\n\r\n`,
  );
  const text = new Uint8Array([0x81, 1, 0x61]); // "a"
  socket.on("error", () => {}).on("data", () => socket.write(text));
}
