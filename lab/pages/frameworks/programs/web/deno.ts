/** Deno.serve. */

import "@contextvars/contextvars/servers";
import { handler, onError } from "./handler.ts";

Deno.serve({ hostname: "127.0.0.1", port: 8000, onError }, handler);
