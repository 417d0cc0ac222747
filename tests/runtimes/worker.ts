/** The conformance program for Cloudflare Workers: a request starts it, and gets its lines. */

import { conformance } from "./conformance.ts";

export default {
  async fetch(): Promise<Response> {
    const { lines } = await conformance();
    return new Response(lines.join("\n"));
  },
};
