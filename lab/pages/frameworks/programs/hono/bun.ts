/** hono on Bun. */

import "@contextvars/contextvars/servers";
import { app } from "./app.ts";

export default { hostname: "127.0.0.1", port: 8000, fetch: app.fetch };
