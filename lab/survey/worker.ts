/**
 * The survey as a Cloudflare worker: `workerd test` runs it, and prints its entries.
 *
 * A worker cannot listen. By workerd.capnp all that it connects to is the worker itself, which
 * answers as the servers of the cases do.
 */

import { survey } from "./survey.ts";

declare const WebSocketPair: new () => [WebSocket, WebSocket & { accept(): void }];

export default {
  fetch(request: Request): Response {
    if (request.headers.get("upgrade") !== "websocket") return new Response("text");
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    server.addEventListener("message", () => server.send("a"));
    server.addEventListener("close", () => server.close());
    return new Response(null, { status: 101, webSocket: client } as ResponseInit);
  },
  async connect({ readable, writable }: ReadableWritablePair): Promise<void> {
    await readable.pipeTo(writable);
  },
  async test(): Promise<void> {
    // A short limit: all is in one process, and the many servers that cannot listen would take long.
    console.log(JSON.stringify(await survey(1_000)));
  },
};
