/** Sockets, their servers, and what is spoken over them, on loopback. */

import type { AddressInfo, Server, Socket } from "node:net";
import { deferred, type Doors, load } from "../door.ts";
import { serve } from "./http.ts";

const crypto = await load(import("node:crypto"));
const dgram = await load(import("node:dgram"));
const dns = await load(import("node:dns"));
const net = await load(import("node:net"));

const WEB_SOCKET_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export const sockets: Doors = {
  async "node:net server, listening"({ callback, called }) {
    const server = net.createServer().listen(0, "127.0.0.1", callback);
    await called;
    server.close();
  },
  async "node:net server, connection"({ callback, called, elsewhere }) {
    const server = net.createServer((socket) => {
      callback();
      socket.destroy();
    });
    const port = await listening(server);
    elsewhere(() => connect(port));
    await called;
    server.close();
  },
  async "node:net server, data of a connection"({ callback, called, elsewhere }) {
    const server = net.createServer((socket) => {
      socket.on("error", () => {}).on("data", callback);
    });
    const port = await listening(server);
    const client = elsewhere(() => connect(port));
    elsewhere(() => client.end("data"));
    await called;
    client.destroy();
    server.close();
  },
  async "node:net server, close"({ callback, elsewhere }) {
    const server = net.createServer().on("close", callback);
    await listening(server);
    elsewhere(() => server.close());
  },
  "node:net socket, connect"(attempt) {
    return withClient(attempt.elsewhere, attempt.called, (socket) => {
      socket.on("connect", attempt.callback);
    });
  },
  "node:net socket, data"(attempt) {
    return withClient(attempt.elsewhere, attempt.called, (socket) => {
      socket.on("data", attempt.callback);
    });
  },
  "node:net socket, end"(attempt) {
    return withClient(attempt.elsewhere, attempt.called, (socket) => {
      socket.on("end", attempt.callback).resume();
    });
  },
  "node:net socket, close"(attempt) {
    return withClient(attempt.elsewhere, attempt.called, (socket) => {
      socket.on("close", attempt.callback).resume();
    });
  },
  "node:net socket, close after another task's destroy()"(attempt) {
    return withClient(attempt.elsewhere, attempt.called, (socket) => {
      socket.on("close", attempt.callback);
      socket.on("connect", () => attempt.elsewhere(() => socket.destroy()));
    });
  },
  "node:net socket, write callback"(attempt) {
    return withClient(attempt.elsewhere, attempt.called, (socket) => {
      socket.write("data", attempt.callback);
    });
  },
  async "node:dgram message"({ callback, called, elsewhere }) {
    const receiver = dgram.createSocket("udp4").on("message", callback);
    await new Promise<void>((resolve) => void receiver.bind(0, "127.0.0.1", resolve));
    const sender = elsewhere(() => dgram.createSocket("udp4"));
    elsewhere(() => sender.send("message", receiver.address().port, "127.0.0.1"));
    await called;
    receiver.close();
    sender.close();
  },
  "node:dns lookup callback"({ callback }) {
    dns.lookup("localhost", callback);
  },
  async "Deno.listen, accept()"({ callback, elsewhere }) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const accepted = listener.accept();
    const client = elsewhere(() => Deno.connect({ port: listener.addr.port }));
    const server = await accepted;
    callback();
    server.close();
    (await client).close();
    listener.close();
  },
  "WebSocket open"(attempt) {
    return withWebSocket(attempt.elsewhere, attempt.called, (webSocket) => {
      webSocket.onopen = attempt.callback;
    });
  },
  "WebSocket message"(attempt) {
    return withWebSocket(attempt.elsewhere, attempt.called, (webSocket) => {
      webSocket.onmessage = attempt.callback;
    });
  },
  "WebSocket close"(attempt) {
    return withWebSocket(attempt.elsewhere, attempt.called, (webSocket) => {
      webSocket.onclose = attempt.callback;
    });
  },
  async "Deno.upgradeWebSocket message"({ callback, called, elsewhere }) {
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => {
        const { socket, response } = Deno.upgradeWebSocket(request);
        socket.onmessage = () => {
          callback();
          socket.close();
        };
        return response;
      },
    );
    const client = elsewhere(() => new WebSocket(`ws://127.0.0.1:${server.addr.port}/`));
    client.onopen = () => client.send("message");
    await called;
  },
};

/** Connects a socket to another task's server, which sends a text and ends. */
async function withClient(
  elsewhere: <R>(fn: () => R) => R,
  called: Promise<unknown>,
  register: (socket: Socket) => void,
): Promise<void> {
  const server = elsewhere(() =>
    net.createServer((socket) => void socket.on("error", () => {}).resume().end("data"))
  );
  const port = await elsewhere(() => listening(server));
  register(connect(port));
  await called;
  server.close();
}

/** Connects a WebSocket to another task's server, which sends a message and closes. */
async function withWebSocket(
  elsewhere: <R>(fn: () => R) => R,
  called: Promise<unknown>,
  register: (webSocket: WebSocket) => void,
): Promise<void> {
  await using server = await elsewhere(serve);
  elsewhere(() =>
    server.server.on("upgrade", ({ headers }, socket) => {
      socket.write(handshake(`${headers["sec-websocket-key"]}`));
      socket.write(new Uint8Array([0x81, 1, 0x61])); // a message, "a"
      socket.write(new Uint8Array([0x88, 0])); // a close
      socket.on("error", () => {}).on("data", () => socket.end());
    })
  );
  const webSocket = new WebSocket(server.url.replace("http", "ws"));
  const closed = deferred();
  webSocket.addEventListener("close", () => closed.resolve());
  register(webSocket);
  await called;
  await closed.promise;
}

function handshake(key: string): string {
  const accept = crypto.createHash("sha1").update(key + WEB_SOCKET_KEY).digest("base64");
  return "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
    `Sec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

function connect(port: number): Socket {
  return net.connect(port, "127.0.0.1").on("error", () => {});
}

function listening(server: Server): Promise<number> {
  const { promise, resolve } = deferred<number>();
  server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  return promise;
}
