/** AWS Lambda, and whatever calls an exported handler: here, as Lambda does, in turn. */

import { Context } from "@contextvars/contextvars";
import { consume, handle, ids } from "../shared/tally.ts";

export const handler = new Context().bind(async (event: { id: string }) => {
  await handle(event.id);
});

await consume(async () => {
  for (const id of ids) await handler({ id });
});

// wrong, not bound: new Context().bind( ~> (
