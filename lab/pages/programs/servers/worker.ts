/** A Cloudflare Worker: the import does not reach it. */

import { Context } from "@contextvars/contextvars";
import { counts } from "../shared/probe.ts";
import { handler } from "../shared/web_handler.ts";

const bound = new Context().bind(handler);

export default {
  fetch(request: Request): Response | Promise<Response> {
    return request.url.endsWith("/counts") ? Response.json(counts) : bound(request);
  },
};

// run on workerd
// asked for: usual, /stream
// lost: generator
// wrong, not bound: new Context().bind(handler) ~> handler
