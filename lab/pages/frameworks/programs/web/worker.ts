/** A Cloudflare Worker: the import does not reach it. */

import { Context } from "@contextvars/contextvars";
import { counts } from "../../probe.ts";
import { handler } from "./handler.ts";

const bound = new Context().bind(handler);

export default {
  fetch(request: Request): Response | Promise<Response> {
    return request.url.endsWith("/counts") ? Response.json(counts) : bound(request);
  },
};
