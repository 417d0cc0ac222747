/** Express: docs/frameworks.md has the lines to copy. */

import { createServer } from "node:http";
import { ContextVar, copyContext } from "@contextvars/contextvars";
import { currentContext } from "@contextvars/contextvars";
import express from "express";
import type { NextFunction, Request, Response } from "express";
import multer from "multer";
import { countReads, pause, seeHelped } from "../probe.ts";

const user = new ContextVar("user", { default: "anonymous" });
const see = countReads(user);

const app = express();
app.use((request, response, next) => {
  const name = request.get("x-user");
  see("start", null);
  response.on("finish", () => see("finish", name));
  response.on("close", () => see("close", name));
  response.on("close", currentContext().bind(() => see("close, bound", name)));
  if (name !== undefined) user.set(name);
  next();
});
app.get("/", async (request, response) => {
  await pause(request.get("x-user"));
  seeHelped(request.get("x-user"));
  see("handler", request.get("x-user"));
  response.send(`hello, ${user.get()}\n`);
});
app.post("/", express.json({ limit: "1mb" }), (request, response) => {
  see("after express.json", request.get("x-user"));
  response.send(`hello, ${user.get()}\n`);
});
app.post("/upload", multer().single("file"), (request, response) => {
  see("after multer", request.get("x-user"));
  response.send(`hello, ${user.get()}\n`);
});
app.post("/raw", (request, response) => {
  request.on("data", () => see("data listener", request.get("x-user")));
  request.on("end", () => see("end listener", request.get("x-user")));
  request.on("end", currentContext().bind(() => response.send(`hello, ${user.get()}\n`)));
});
app.get("/stream", async (request, response) => {
  for (let left = 3; left > 0; left--) {
    response.write(`${user.get()}\n`);
    await pause();
    see("streamed body", request.get("x-user"));
  }
  response.end();
});
app.get("/error", async () => {
  await pause();
  throw new Error();
});
app.use((_error: unknown, request: Request, response: Response, _next: NextFunction) => {
  see("error handler", request.get("x-user"));
  response.status(500).send(`sorry, ${user.get()}\n`);
});

createServer(copyContext().bind(app)).listen(8000, "127.0.0.1");
