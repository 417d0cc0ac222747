/** hono on Bun. */

import "@contextvars/contextvars/servers";
import { app } from "../shared/hono_app.ts";

export default { hostname: "127.0.0.1", port: 8000, fetch: app.fetch };

// run on Bun
// asked for: usual, stream, /generator
// by its line: app.fetch ~> new Context().bind(app.fetch)
