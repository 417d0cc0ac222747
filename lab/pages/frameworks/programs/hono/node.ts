/** hono on Node.js: docs/frameworks.md has the lines to copy. */

import { copyContext } from "@contextvars/contextvars";
import { serve } from "@hono/node-server";
import { app } from "./app.ts";

serve({ hostname: "127.0.0.1", port: 8000, fetch: copyContext().bind(app.fetch) });
