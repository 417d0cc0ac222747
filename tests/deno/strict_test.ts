/** Strict mode under a handler of Deno.serve that is not bound. */

import { assertEquals } from "@std/assert";
import { ContextVar, copyContext } from "@contextvars/contextvars";
import "@contextvars/contextvars/strict";
import { outsideTasks } from "../harness.ts";
import { type Answers, countAnswers, fetching, nameAfterSetting } from "../strict/http.ts";

const user = new ContextVar("user", { default: "anonymous" });

async function handle(request: Request): Promise<Response> {
  return new Response(await nameAfterSetting(user, new URL(request.url).pathname.slice(1)));
}

async function answersOf(handler: Deno.ServeHandler): Promise<Answers> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  try {
    return await countAnswers(fetching(`http://127.0.0.1:${server.addr.port}/`));
  } finally {
    await server.shutdown();
  }
}

outsideTasks("Strict mode makes an unbound handler of Deno.serve fail at its set", async () => {
  assertEquals(await answersOf(handle), {
    "anonymous: anonymous": 100,
    "named: RuntimeError": 100,
  });
});

outsideTasks("Strict mode leaves a bound handler of Deno.serve as it is", async () => {
  assertEquals(await answersOf(copyContext().bind(handle)), {
    "anonymous: anonymous": 100,
    "named: its own name": 100,
  });
});
