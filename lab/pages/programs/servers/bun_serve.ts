/** Bun.serve. */

import "@contextvars/contextvars/servers";
import { handler, onError } from "../shared/web_handler.ts";

// @ts-ignore: Bun's types are not loaded
Bun.serve({
  hostname: "127.0.0.1",
  port: 8000,
  error: onError,
  routes: { "/": handler },
  fetch: handler,
});

// run on Bun
// asked for: usual, /stream, /thrown
// by its line: fetch: handler ~> fetch: new Context().bind(handler)
// by its line: "/": handler ~> "/": new Context().bind(handler)
