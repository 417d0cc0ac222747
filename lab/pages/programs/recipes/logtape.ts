/** LogTape: each line has the id of the task that logs it, also where the sink does not block. */

import { ContextVar } from "@contextvars/contextvars";
import { configure } from "@logtape/logtape";
import {
  dispose,
  getLogger,
  getStreamSink,
  jsonLinesFormatter,
  withContext,
} from "@logtape/logtape";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

/** Takes the lines slowly. A line's message is the id and the order that belong there. */
const stream = new WritableStream<Uint8Array>({
  async write(line) {
    const { message, properties } = JSON.parse(new TextDecoder().decode(line));
    const [id, order] = message.split(" ");
    count(properties.requestId, id);
    count(properties.order ?? "-", order);
    await turns();
  },
});
const sink = getStreamSink(stream, {
  formatter: jsonLinesFormatter,
  nonBlocking: { bufferSize: 1_000 }, // room for all: it would drop the others
});

const fields = new ContextVar<Record<string, unknown>>("fields", { default: {} });

await configure({
  contextLocalStorage: {
    run: (store, callback) => fields.run(store, callback),
    getStore: () => ({ ...fields.get(), requestId: requestId.get() }),
  },
  sinks: { sink },
  loggers: [
    { category: "app", sinks: ["sink"], lowestLevel: "info" },
    { category: ["logtape", "meta"], sinks: [] },
  ],
});

const logger = getLogger("app");
await concurrently(async (id) => {
  const order = crypto.randomUUID();
  logger.info(`${id} -`);
  await withContext({ order }, async () => {
    await turns();
    logger.info(`${id} ${order}`);
  });
  logger.info(`${id} -`);
});
await dispose();
conclude(1_200);

// wrong, read in a formatter: formatter: jsonLinesFormatter ~> formatter: (record) => jsonLinesFormatter({ ...record, properties: { requestId: requestId.get() } })
// wrong, without the variable: , requestId: requestId.get() } ~>  }
// wrong, set for withContext: fields.run(store, callback) ~> (fields.set(store), callback())
