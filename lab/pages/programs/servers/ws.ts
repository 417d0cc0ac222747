/** Sockets of ws. Bun has a ws of its own, which calls listeners outside all tasks. */

import "@contextvars/contextvars/servers";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { begin, see, user, work } from "../shared/probe.ts";

const server = createServer();
new WebSocketServer({ server }).on("connection", (socket, request) => {
  const name = new URL(request.url!, "http://localhost").searchParams.get("user");
  begin(name);
  socket.on("message", async () => {
    await work(name);
    socket.send(user.get());
  });
  socket.on("close", () => see("close", name));
});
server.listen(8000, "127.0.0.1");

// run on Deno
// run on Node.js 24
// run on Node.js 20
// asked for: ws
