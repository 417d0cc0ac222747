/** node-cron. */

import { Context, createTask } from "@contextvars/contextvars";
import { schedule } from "node-cron";
import { conclude, handle, ids, requestId } from "../../tally.ts";

const left = ids.values();

function job(): Promise<void> {
  return handle(left.next().value!);
}

await createTask(async () => {
  requestId.set("starter");
  const task = schedule("0 3 * * *", new Context().bind(job));
  for (const _ of ids) await task.execute();
});
conclude(400);

// wrong, not bound: new Context().bind( ~> (
// wrong, a copy: new Context().bind( ~> (await import("@contextvars/contextvars")).copyContext().bind(
