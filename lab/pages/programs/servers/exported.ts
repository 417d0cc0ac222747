/** A module for `deno serve` and for Bun, which serve what it exports. */

import "@contextvars/contextvars/servers";
import { handler } from "../shared/web_handler.ts";

export default { hostname: "127.0.0.1", port: 8000, fetch: handler };

// run on Deno
// run on Bun
// asked for: usual, /stream
// by its line: fetch: handler ~> fetch: new Context().bind(handler)
