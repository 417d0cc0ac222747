/** Express. */

import "@contextvars/contextvars/servers";
import { currentContext } from "@contextvars/contextvars";
import express from "express";
import type { NextFunction, Request, Response } from "express";
import multer from "multer";
import { begin, fail, hello, lines, listen, see, user, work } from "../shared/probe.ts";

const app = express();
app.use((request, response, next) => {
  listen(response, request.get("x-user"));
  begin(request.get("x-user"));
  next();
});
app.get("/", async (request, response) => {
  response.send(await work(request.get("x-user")));
});
app.post("/", express.json({ limit: "1mb" }), (request, response) => {
  response.send(hello("after express.json", request.get("x-user")));
});
app.post("/upload", multer().single("file"), (request, response) => {
  response.send(hello("after multer", request.get("x-user")));
});
app.post("/raw", (request, response) => {
  request.on("data", () => see("data listener", request.get("x-user")));
  request.on("end", () => see("end listener", request.get("x-user")));
  request.on("end", currentContext().bind(() => response.send(user.get())));
});
app.get("/stream", async (request, response) => {
  for await (const line of lines("streamed body", request.get("x-user"))) response.write(line);
  response.end();
});
app.get("/error", fail);
app.use((_error: unknown, request: Request, response: Response, _next: NextFunction) => {
  response.status(500).send(hello("error handler", request.get("x-user")));
});

app.listen(8000, "127.0.0.1");

// asked for: usual, stream, upload, raw
// by its line: app.listen(8000, "127.0.0.1") ~> createServer(new Context().bind(app)).listen(8000, "127.0.0.1")
// wrong, without the import, createTask as middleware: = express(); ~> = express();\napp.use((_request, _response, next) => createTask(next));
