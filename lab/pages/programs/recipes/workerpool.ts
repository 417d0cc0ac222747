/** workerpool: the code after the await of a result has the context of who has asked. */

import workerpool from "workerpool";
import { conclude, concurrently, count, requestId } from "../shared/tally.ts";

const pool = workerpool.pool({ maxWorkers: 2 });
const double = (value: number) => 2 * value;

await concurrently(async (id) => {
  const result = await pool.exec(double, [21]);
  count(requestId.get(), id);
  count(String(result), "42");
});
await pool.terminate();
conclude(400);

// wrong, then: const result = await pool.exec(double, [21]);\n  count(requestId.get(), id); ~> let result;\n  await pool.exec(double, [21]).then((it) => (result = it, count(requestId.get(), id)));
