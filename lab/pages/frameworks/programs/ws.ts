/** Sockets of ws. */

import "@contextvars/contextvars/servers";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { begin, see, user, work } from "../probe.ts";

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
