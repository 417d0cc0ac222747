/** A queue of Deno.Kv. */

import { Context } from "@contextvars/contextvars";
import { consume, handle, ids } from "../shared/tally.ts";

const kv = await Deno.openKv(":memory:");
await consume(async () => {
  kv.listenQueue(new Context().bind(handle));
  for (const id of ids) await kv.enqueue(id);
});

// wrong, not bound: new Context().bind( ~> (
// wrong, a copy: new Context().bind( ~> copyContext().bind(
// run on Deno: run -A --unstable-kv programs/jobs/deno_kv.ts
