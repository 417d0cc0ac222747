/** Socket.IO, by polling and over web sockets. */

import "@contextvars/contextvars/servers";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { see, user, work } from "../probe.ts";

const server = createServer();
new Server(server).on("connection", (socket) => {
  see("start", null);
  socket.data.user = socket.handshake.query.user;
  socket.on("ask", async () => {
    if (socket.data.user) user.set(socket.data.user);
    await work(socket.data.user);
    socket.emit("answer", user.get());
  });
});
server.listen(8000, "127.0.0.1");
