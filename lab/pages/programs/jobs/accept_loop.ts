/** A loop that accepts connections. */

import { Context } from "@contextvars/contextvars";
import { consume, handle, ids } from "../shared/tally.ts";

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const { port } = listener.addr as Deno.NetAddr;

const serve = new Context().bind(async (connection: Deno.Conn) => {
  await handle(await new Response(connection.readable).text());
});

async function accept(): Promise<void> {
  for await (const connection of listener) void serve(connection);
}

async function send(id: string): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(id));
}

await consume(() => {
  void accept();
  return Promise.all(ids.map(send));
});

// wrong, not bound: new Context().bind( ~> (
// run on Deno: run -A programs/jobs/accept_loop.ts
