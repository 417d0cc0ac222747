/**
 * The survey as a Cloudflare worker: `workerd test` runs it, and prints its report.
 *
 * A worker cannot listen. By workerd.capnp all that it connects to is the worker itself, which
 * answers as the servers of the doors do.
 */

import { survey } from "./survey.ts";

declare const WebSocketPair: new () => [WebSocket, WebSocket & { accept(): void }];

export default {
  fetch(request: Request): Response {
    if (!request.headers.has("upgrade")) return new Response("text");
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    server.send("a");
    server.close();
    return new Response(null, { status: 101, webSocket: client } as ResponseInit);
  },
  async connect({ writable }: { writable: WritableStream<Uint8Array> }): Promise<void> {
    const writer = writable.getWriter();
    await writer.write(new TextEncoder().encode("text"));
    await writer.close();
  },
  async test(): Promise<void> {
    console.log(JSON.stringify(await survey()));
  },
};
