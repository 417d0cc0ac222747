/** Follows what the error of a set outside tasks says, in servers that load a module late. */

import { Context, ContextVar } from "@contextvars/contextvars";
import "@contextvars/contextvars/strict";

const user = new ContextVar("user", { default: "anonymous" });

async function handler(request: Request): Promise<Response> {
  const name = new URL(request.url).searchParams.get("user");
  if (name !== null) user.set(name);
  await import(`./imported.ts?${name}`);
  return new Response(user.get());
}

async function ask(remedy: string, handler: Deno.ServeHandler): Promise<void> {
  const onError = (error: unknown) => new Response((error as Error).name);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, onError }, handler);
  const answers = [];
  for (const query of ["?user=alice", "", "?user=bob", ""]) {
    const response = await fetch(`http://127.0.0.1:${server.addr.port}/${query}`);
    answers.push(await response.text());
  }
  console.log(`${remedy}: ${answers.join(" ")}`);
  await server.shutdown();
}

await ask("none", handler);
await ask("bound", new Context().bind(handler));
await import("@contextvars/contextvars/servers");
await ask("servers", handler);
