/** Streams: what a stream calls runs as who has made it or listens to it, whoever reads or writes. */

import { PassThrough, type Readable } from "node:stream";
import { copyContext } from "@contextvars/contextvars";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

async function* rows(): AsyncGenerator<string> {
  for (let left = 3; left > 0; left--) {
    await turns();
    yield requestId.get();
  }
}

function makeRows(): ReadableStream<string> {
  return ReadableStream.from(copyContext().bind(rows)());
}

async function pull(controller: ReadableStreamDefaultController<string>): Promise<void> {
  await turns();
  controller.enqueue(requestId.get());
}

function makeTicks(): ReadableStream<string> {
  return new ReadableStream({ pull: copyContext().bind(pull) });
}

function listen(stream: Readable, onData: (chunk: string) => void): void {
  stream.on("data", copyContext().bind(onData));
}

const made: { id: string; streams: ReadableStream<string>[]; source: PassThrough }[] = [];

await concurrently((id) => {
  const source = new PassThrough();
  listen(source, () => count(requestId.get(), id));
  made.push({ id, streams: [makeRows(), makeTicks()], source });
});
await concurrently(async (id) => {
  const { id: maker, streams, source } = made.pop()!;
  for (const stream of streams) {
    let left = 3;
    for await (const chunk of stream) {
      count(chunk, maker);
      count(requestId.get(), id);
      if (--left === 0) break;
    }
  }
  source.write("data");
  await new Promise<void>((resolve) => source.end(resolve));
});
conclude(200 * 13);

// wrong, generator not bound: copyContext().bind(rows)() ~> rows()
// wrong, pull not bound: copyContext().bind(pull) ~> pull
// wrong, listener not bound: copyContext().bind(onData) ~> onData
