/** A loop over messages, as of Kafka, NATS, or a Redis stream. */

import { Context, createTask } from "@contextvars/contextvars";
import { conclude, handle, ids, requestId } from "../../tally.ts";

async function* subscribe(): AsyncGenerator<string> {
  for (const id of ids) yield await Promise.resolve(id);
}

const onMessage = new Context().bind(handle);

await createTask(async () => {
  requestId.set("starter");
  for await (const message of subscribe()) await onMessage(message);
});
conclude(400);

// wrong, not bound: new Context().bind( ~> (
