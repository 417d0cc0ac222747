/** AWS Lambda, and whatever calls an exported handler: here, as Lambda does, in turn. */

import { Context } from "@contextvars/contextvars";
import { conclude, handle, ids } from "../../tally.ts";

export const handler = new Context().bind(async (event: { id: string }) => {
  await handle(event.id);
});

for (const id of ids) await handler({ id });
conclude(400);

// wrong, not bound: new Context().bind( ~> (
