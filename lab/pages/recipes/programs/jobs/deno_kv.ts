/** A queue of Deno.Kv. */

import { Context, createTask } from "@contextvars/contextvars";
import { allHandled, conclude, handle, ids, requestId } from "../../tally.ts";

const kv = await Deno.openKv(":memory:");
await createTask(async () => {
  requestId.set("starter");
  kv.listenQueue(new Context().bind(handle));
  for (const id of ids) await kv.enqueue(id);
  await allHandled;
});
conclude(400);

// wrong, not bound: new Context().bind( ~> (
// wrong, a copy: new Context().bind( ~> (await import("@contextvars/contextvars")).copyContext().bind(
// run on Deno: run -A --unstable-kv programs/jobs/deno_kv.ts
