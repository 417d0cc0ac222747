/** Socket.IO, over web sockets. */

import "@contextvars/contextvars/servers";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { begin, see, user, work } from "../probe.ts";

const server = createServer();
new Server(server).on("connection", (socket) => {
  const name = socket.handshake.query.user;
  begin(name);
  socket.on("ask", async () => {
    await work(name);
    socket.emit("answer", user.get());
  });
  socket.on("disconnect", () => see("disconnect", name));
});
server.listen(8000, "127.0.0.1");
