/** hono on node:http. */

import "@contextvars/contextvars/servers";
import { serve } from "@hono/node-server";
import { app } from "./app.ts";

serve({ hostname: "127.0.0.1", port: 8000, fetch: app.fetch });
