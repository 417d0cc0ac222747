/** Elysia, on Bun. */

import "@contextvars/contextvars/servers";
import { Elysia } from "elysia";
import { begin, fail, hello, lines, work } from "../shared/probe.ts";

const app = new Elysia();
app.onRequest(({ request }) => begin(request.headers.get("x-user")));
app.onError(({ request }) => hello("onError", request.headers.get("x-user")));
app.get("/", ({ request }) => work(request.headers.get("x-user")));
app.post("/", ({ headers }) => hello("after the body", headers["x-user"]));
app.get("/stream", ({ request }) => lines("streamed body", request.headers.get("x-user")));
app.get("/error", fail);
app.listen({ hostname: "127.0.0.1", port: 8000 });

// run on Bun
// asked for: usual, stream
// by its line: app.listen({ ~> Bun.serve({ fetch: new Context().bind(app.fetch),
