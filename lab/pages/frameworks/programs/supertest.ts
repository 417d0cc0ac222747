/** A server that asks an Express application in its own process, by supertest. */

import "@contextvars/contextvars/servers";
import express from "express";
import request from "supertest";
import { begin, hello, work } from "../probe.ts";

const asked = express();
asked.get("/", async (request, response) => {
  begin(request.get("x-other"));
  response.send(await work(request.get("x-other")));
});

const app = express();
app.get("/", async ({ headers: { "x-user": name } }, response) => {
  begin(name);
  const other = crypto.randomUUID();
  const { text } = await request(asked).get("/").set("x-other", other);
  if (text !== `hello, ${other}\n`) throw new Error(text);
  response.send(hello("after supertest", name));
});
app.listen(8000, "127.0.0.1");
