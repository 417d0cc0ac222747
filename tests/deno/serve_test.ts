/** A server whose handler is bound; lab/soak and lab/pages put such servers under load. */

// deno-lint-ignore-file contextvars/unbound-listener -- on purpose

import { assertEquals } from "@std/assert";
import { ContextVar, copyContext } from "@contextvars/contextvars";
import { inTask } from "../harness.ts";

const user = new ContextVar("user", { default: "anonymous" });

/** Serves with a handler for the time of `body`, which gets a function that asks it. */
async function serving(
  handler: Deno.ServeHandler,
  body: (get: (query: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, handler);
  try {
    await body(async (query) => {
      const response = await fetch(`http://127.0.0.1:${server.addr.port}/?${query}`);
      return await response.text();
    });
  } finally {
    await server.shutdown();
  }
}

inTask("Context.bind() keeps requests apart on a server made by a task", async ({ tenant }) => {
  tenant.set("acme");
  const bound = copyContext().bind((request: Request) => {
    const seen = tenant.get();
    tenant.set(request.url);
    return new Response(seen);
  });
  await serving(bound, async (get) => {
    assertEquals([await get("a"), await get("b")], ["acme", "acme"]);
  });
});

inTask("Context.bind() keeps a request's context through a response that streams", async () => {
  const bound = copyContext().bind((request: Request) => {
    user.set(new URL(request.url).searchParams.get("user")!);
    let left = 3;
    const body = new ReadableStream<string>({
      pull(controller) {
        controller.enqueue(`${user.get()} `);
        if (--left === 0) controller.close();
      },
    });
    return new Response(body.pipeThrough(new TextEncoderStream()));
  });
  await serving(bound, async (get) => {
    const bodies = await Promise.all([get("user=alice"), get("user=bob")]);
    assertEquals(bodies, ["alice alice alice ", "bob bob bob "]);
  });
});
