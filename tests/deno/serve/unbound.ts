/** Shows what a handler of Deno.serve that is not bound sees, and what mends it. */

import { Context, ContextVar, copyContext } from "@contextvars/contextvars";

const user = new ContextVar("user", { default: "anonymous" });

async function handler(request: Request): Promise<Response> {
  const name = new URL(request.url).searchParams.get("user");
  if (name !== null) user.set(name);
  await Promise.resolve();
  return new Response(user.get());
}

function serve(handler: Deno.ServeHandler): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
}

// Made before anything is set.
const servers = {
  unbound: serve(handler),
  other: serve(handler),
  bound: serve(copyContext().bind(handler)),
  renewed: serve((request) => new Context().run(handler, request)),
};

async function ask(server: keyof typeof servers, label: string, query: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${servers[server].addr.port}/?${query}`);
  console.log(`${label}: ${await response.text()}`);
}

await ask("unbound", "unbound, alice", "user=alice");
await ask("unbound", "unbound, anonymous", "");
await ask("other", "unbound on another server, anonymous", "");
await ask("bound", "bound, anonymous", "");
await ask("bound", "bound, bob", "user=bob");
await ask("bound", "bound, anonymous", "");
await ask("renewed", "in a new context, anonymous", "");

await Promise.all(Object.values(servers).map((server) => server.shutdown()));
