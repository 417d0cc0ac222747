/** node-cron. */

import { Context } from "@contextvars/contextvars";
import { schedule } from "node-cron";
import { consume, handle, ids } from "../shared/tally.ts";

const left = ids.values();

function job(): Promise<void> {
  return handle(left.next().value!);
}

await consume(async () => {
  const task = schedule("0 3 * * *", new Context().bind(job));
  for (const _ of ids) await task.execute();
});

// wrong, not bound: new Context().bind( ~> (
// wrong, a copy: new Context().bind( ~> copyContext().bind(
