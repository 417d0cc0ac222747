/** hono on Deno: docs/frameworks.md has the lines to copy. */

import { copyContext } from "@contextvars/contextvars";
import { app } from "./app.ts";

Deno.serve({ hostname: "127.0.0.1", port: 8000 }, copyContext().bind(app.fetch));
