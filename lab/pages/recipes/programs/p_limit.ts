/** p-limit: each job runs as who has added it, without being bound. */

import pLimit from "p-limit";
import { conclude, concurrently, count, requestId, turns } from "../tally.ts";

const limit = pLimit(2);

await concurrently(requestId, async (id) => {
  const result = await limit(async () => {
    count(requestId.get(), id);
    await turns();
    count(requestId.get(), id);
    return requestId.get();
  });
  count(result, id);
  count(requestId.get(), id);
});
conclude(800);
