/** Streams of the web and of Node.js: their sources, sinks and transforms, and their ends. */

import { type Cases, load, pause } from "../attempt.ts";

const stream = await load(import("node:stream"));
const zlib = await load(import("node:zlib"));

export const streams: Cases = {
  async "ReadableStream pull"({ callback, fireTwice }) {
    const source: UnderlyingDefaultSource<number> = {
      pull(controller) {
        callback();
        controller.enqueue(1);
      },
    };
    const reader = new ReadableStream(source, { highWaterMark: 0 }).getReader();
    await pause(); // or the stream's start would call it
    await fireTwice(() => reader.read());
  },
  async "ReadableStream cancel"({ callback, fire }) {
    const readable = new ReadableStream({ cancel: callback });
    await fire(() => readable.cancel());
  },
  async "WritableStream write"({ callback, fireTwice }) {
    const writer = new WritableStream({ write: callback }).getWriter();
    await pause();
    await fireTwice(() => writer.write(1));
  },
  async "TransformStream transform"({ callback, fire }) {
    const through = new TransformStream({ transform: callback });
    await fire(() => drain(oneChunk().pipeThrough(through)));
  },
  async "node:stream Readable read()"({ callback, fire }) {
    const readable = new stream.Readable({
      read() {
        callback();
        this.push(null);
      },
    });
    await fire(() => readable.toArray());
  },
  async "node:stream Readable data"({ callback, make, fireTwice }) {
    const readable = make(() => new stream.Readable({ read() {} }));
    readable.on("data", callback);
    await pause(); // or its start to flow would emit it
    await fireTwice(() => readable.push("chunk"));
  },
  "node:stream Readable close"({ callback, make, fire }) {
    const readable = make(() => new stream.Readable({ read() {} }));
    readable.on("close", callback);
    fire(() => readable.destroy());
  },
  async "node:stream Transform transform()"({ callback, fireTwice }) {
    const through = new stream.Transform({
      transform(_chunk, _encoding, done) {
        callback();
        done();
      },
    });
    await fireTwice(() => through.write("chunk"));
  },
  "node:stream finished"({ callback, make, fire }) {
    const readable = make(() => new stream.Readable({ read() {} }));
    stream.finished(readable, callback);
    fire(() => readable.destroy());
  },
  "node:stream pipeline"({ callback, make, fire }) {
    const through = make(() => new stream.PassThrough());
    stream.pipeline(through, new stream.PassThrough().resume(), callback);
    fire(() => through.end());
  },
  "node:zlib Gzip data"({ callback, make, fire }) {
    const gzip = make(() => zlib.createGzip()).on("data", callback);
    fire(() => gzip.end("text"));
  },
};

function oneChunk(): ReadableStream<unknown> {
  return new Blob(["chunk"]).stream();
}

/** Reads a stream to its end. */
async function drain(readable: ReadableStream<unknown>): Promise<void> {
  const reader = readable.getReader();
  while (!(await reader.read()).done);
}
