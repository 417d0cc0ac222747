/** hono on node:http. */

import "@contextvars/contextvars/servers";
import { serve } from "@hono/node-server";
import { app } from "../shared/hono_app.ts";

serve({ hostname: "127.0.0.1", port: 8000, fetch: app.fetch });

// asked for: usual, stream, /generator
// by its line: app.fetch ~> new Context().bind(app.fetch)
