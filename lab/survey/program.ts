/**
 * The survey as a program: prints its entries as JSON.
 *
 * A worker cannot listen: all that it connects to is the worker itself, which answers by `fetch` and
 * `connect` as the servers of the cases do.
 */

import process from "node:process";
import { survey } from "./survey.ts";

declare const WebSocketPair: new () => [WebSocket, WebSocket & { accept(): void }];

const onWorkerd = typeof WebSocketPair !== "undefined";

const worker = {
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
    console.log(JSON.stringify(await survey()));
  },
};

export default onWorkerd ? worker : undefined; // Bun would serve with it
if (!onWorkerd) {
  await worker.test();
  process.exit(); // what a case has left open may go on
}
