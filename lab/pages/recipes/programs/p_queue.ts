/** p-queue: each job runs as who has added it. */

import { copyContext } from "@contextvars/contextvars";
import PQueue from "p-queue";
import { conclude, concurrently, count, requestId, turns } from "../tally.ts";

const queue = new PQueue({ concurrency: 2 });

function enqueue<R>(job: () => Promise<R>): Promise<R> {
  return queue.add(copyContext().bind(job));
}

await concurrently(requestId, async (id) => {
  const result = await enqueue(async () => {
    count(requestId.get(), id);
    await turns();
    count(requestId.get(), id);
    return requestId.get();
  });
  count(result, id);
  count(requestId.get(), id);
});
conclude(800);

// wrong, not bound: copyContext().bind(job) ~> job
