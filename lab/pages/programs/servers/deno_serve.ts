/** Deno.serve. */

import "@contextvars/contextvars/servers";
import { handler, onError } from "../shared/web_handler.ts";

Deno.serve({ hostname: "127.0.0.1", port: 8000, onError }, handler);

// run on Deno
// asked for: usual, /stream, /thrown
// by its line: handler); ~> new Context().bind(handler));
// wrong, without the import, createTask in a handler that is not bound: handler); ~> (request) => createTask(handler, request));
