/** A loop over messages, as of Kafka, NATS, or a Redis stream. */

import { Context } from "@contextvars/contextvars";
import { consume, handle, ids } from "../shared/tally.ts";

async function* subscribe(): AsyncGenerator<string> {
  for (const id of ids) yield await Promise.resolve(id);
}

const onMessage = new Context().bind(handle);

await consume(async () => {
  for await (const message of subscribe()) await onMessage(message);
});

// wrong, not bound: new Context().bind( ~> (
