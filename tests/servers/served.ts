/** For `deno serve`: asks itself, and prints what it answers. */

import "@contextvars/contextvars/servers";
import { ContextVar } from "@contextvars/contextvars";
import { countAnswers, fetching, nameAfterSetting } from "../strict/http.ts";

const user = new ContextVar("user", { default: "anonymous" });

export default {
  async fetch({ url }: Request): Promise<Response> {
    return new Response(await nameAfterSetting(user, new URL(url).pathname.slice(1)));
  },
  async onListen({ port }: Deno.NetAddr): Promise<void> {
    console.log(JSON.stringify(await countAnswers(fetching(`http://127.0.0.1:${port}/`))));
    Deno.exit();
  },
};
