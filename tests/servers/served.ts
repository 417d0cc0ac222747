/** For `deno serve`: asks itself, and prints what it answers. */

import "@contextvars/contextvars/servers";
import { answerWeb, countHttp } from "./answers.ts";

export default {
  fetch(request: Request): Promise<Response> {
    return answerWeb(request);
  },
  async onListen({ port }: Deno.NetAddr): Promise<void> {
    console.log(JSON.stringify(await countHttp(port)));
    Deno.exit();
  },
};
