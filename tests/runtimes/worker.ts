/** The conformance program for Cloudflare Workers: it runs for a request, and answers with its lines. */

import { conformance } from "./conformance.ts";

export default {
  async fetch(): Promise<Response> {
    const { lines } = await conformance();
    return new Response(lines.join("\n"));
  },
};
