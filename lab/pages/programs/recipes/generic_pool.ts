/** generic-pool: who uses a connection stays who it is, and the connection is made for nobody. */

import { Context } from "@contextvars/contextvars";
import { createPool } from "generic-pool";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

const pool = createPool(
  { create: new Context().bind(connect), destroy: new Context().bind(disconnect) },
  { max: 20 },
);

/** Stands for a connection: its listeners see what its maker sees. */
async function connect(): Promise<{ madeFor: string }> {
  await turns();
  return { madeFor: requestId.get() };
}

async function disconnect(): Promise<void> {
  await turns();
  count(requestId.get(), "-");
}

await concurrently((id) =>
  pool.use(async ({ madeFor }) => {
    count(madeFor, "-");
    count(requestId.get(), id);
    await turns();
    count(requestId.get(), id);
  })
);
await pool.drain();
await pool.clear();
conclude(620);

// wrong, not bound: new Context().bind(connect) ~> connect
