/** Queues: p-queue runs a job that is bound as who has added it, and p-limit every job. */

import { copyContext } from "@contextvars/contextvars";
import pLimit from "p-limit";
import PQueue from "p-queue";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

const queue = new PQueue({ concurrency: 2 });

function enqueue<R>(job: () => Promise<R>): Promise<R> {
  return queue.add(copyContext().bind(job));
}

for (const add of [enqueue<string>, pLimit(2)]) {
  await concurrently(async (id) => {
    const result = await add(async () => {
      count(requestId.get(), id);
      await turns();
      count(requestId.get(), id);
      return requestId.get();
    });
    count(result, id);
    count(requestId.get(), id);
  });
}
conclude(1_600);

// wrong, not bound: copyContext().bind(job) ~> job
