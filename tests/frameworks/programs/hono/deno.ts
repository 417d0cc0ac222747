/** hono on Deno. */

import { copyContext } from "@contextvars/contextvars";
import { app } from "./app.ts";

Deno.serve({ hostname: "127.0.0.1", port: 8000 }, copyContext().bind(app.fetch));
