/** A loop that accepts connections. */

import { Context, createTask } from "@contextvars/contextvars";
import { allHandled, conclude, handle, ids, requestId } from "../../tally.ts";

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

void createTask(() => {
  requestId.set("starter");
  return accept();
});
await Promise.all(ids.map(send));
await allHandled;
conclude(400);

// wrong, not bound: new Context().bind( ~> (
// run on Deno: run -A programs/jobs/accept_loop.ts
