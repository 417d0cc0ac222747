/** pino: each line has the id of the task that logs it. */

import { Writable } from "node:stream";
import pino from "pino";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

/** Takes the lines slowly, so that they pile up. A line's message is the id that belongs there. */
const destination = new Writable({
  async write(line, _encoding, done) {
    const { msg, ...fields } = JSON.parse(String(line));
    count(fields.requestId, msg);
    await turns();
    done();
  },
});

const options = { mixin: () => ({ requestId: requestId.get() }) };

const logger = pino(options, destination);
await concurrently(async (id) => {
  logger.info(id);
  await turns();
  logger.child({ part: "child" }).info(id);
});
await new Promise<void>((resolve) => destination.end(resolve));
conclude(400);

// wrong, read when the logger is made: mixin: () => ({ requestId: requestId.get() }) ~> base: { requestId: requestId.get() }
