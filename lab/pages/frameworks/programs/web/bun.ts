/** Bun.serve. */

import "@contextvars/contextvars/servers";
import { handler, onError } from "./handler.ts";

// @ts-ignore: Bun's types are not loaded
Bun.serve({
  hostname: "127.0.0.1",
  port: 8000,
  error: onError,
  routes: { "/": handler },
  fetch: handler,
});
