/** hono on Deno.serve. */

import "@contextvars/contextvars/servers";
import { app } from "../shared/hono_app.ts";

Deno.serve({ hostname: "127.0.0.1", port: 8000 }, app.fetch);

// run on Deno
// asked for: usual, stream, /generator
// by its line: app.fetch ~> new Context().bind(app.fetch)
// lost: onAbort
