/** winston: each line has the id of the task that logs it. */

import winston from "winston";
import Transport from "winston-transport";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

const LINES = 400;
const { promise: written, resolve } = Promise.withResolvers<void>();
let lines = 0;

/** Takes the lines slowly, so that they pile up. A line's message is the id that belongs there. */
class SlowTransport extends Transport {
  override async log(info: winston.LogEntry, next: () => void): Promise<void> {
    count(info.requestId, info.message);
    if (++lines === LINES) resolve();
    await turns();
    next();
  }
}

const logger = winston.createLogger({
  defaultMeta: {
    get requestId() {
      return requestId.get();
    },
  },
  format: winston.format.json(),
  transports: [new SlowTransport()],
});

await concurrently(async (id) => {
  logger.info(id);
  await turns();
  logger.child({ part: "child" }).info(id);
});
await written;
conclude(LINES);

// wrong, read when the logger is made:     get requestId() {\n      return requestId.get();\n    }, ~>     requestId: requestId.get(),
// wrong, read in a format: format: winston.format.json() ~> format: winston.format.printf((info) => JSON.stringify(info.requestId = requestId.get()))
