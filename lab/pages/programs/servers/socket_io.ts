/**
 * Socket.IO, by polling and over web sockets. Under load it ends a program on Deno 2.9.6, without an
 * error.
 */

import "@contextvars/contextvars/servers";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { see, user, work } from "../shared/probe.ts";

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

// run on Node.js 24
// run on Node.js 20
// asked for: Socket.IO
// by its line: async () => { ~> new Context().bind(async () => {
// by its line: user.get());\n  }); ~> user.get());\n  }));
