/** pino and winston: each line has the id of the task that logs it. */

import { Writable } from "node:stream";
import pino from "pino";
import winston from "winston";
import Transport from "winston-transport";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

const LINES = 800;
const { promise: written, resolve } = Promise.withResolvers<void>();
let lines = 0;

/** Takes the lines slowly, so that they pile up. A line's message is the id that belongs there. */
async function take(id: unknown, message: string, next: () => void): Promise<void> {
  count(id, message);
  if (++lines === LINES) resolve();
  await turns();
  next();
}

const destination = new Writable({
  write(line, _encoding, next) {
    const { msg, ...fields } = JSON.parse(String(line));
    void take(fields.requestId, msg, next);
  },
});

const options = { mixin: () => ({ requestId: requestId.get() }) };

class SlowTransport extends Transport {
  override log(info: winston.LogEntry, next: () => void): void {
    void take(info.requestId, info.message, next);
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

interface Logger {
  info(message: string): unknown;
  child(fields: object): Logger;
}

for (const each of [pino(options, destination), logger] as Logger[]) {
  await concurrently(async (id) => {
    each.info(id);
    await turns();
    each.child({ part: "child" }).info(id);
  });
}
await written;
conclude(LINES);

// wrong, read when pino's logger is made: mixin: () => ({ requestId: requestId.get() }) ~> base: { requestId: requestId.get() }
// wrong, read when winston's logger is made:     get requestId() {\n      return requestId.get();\n    }, ~>     requestId: requestId.get(),
// wrong, read in a format: format: winston.format.json() ~> format: winston.format.printf((info) => JSON.stringify(info.requestId = requestId.get()))
