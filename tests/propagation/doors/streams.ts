/** Streams of the web and of Node.js: their sources, sinks and transforms, and their ends. */

import { type Doors, load, pause } from "../door.ts";

const stream = await load(import("node:stream"));
const zlib = await load(import("node:zlib"));

export const streams: Doors = {
  async "ReadableStream pull"({ callback, elsewhere }) {
    const source: UnderlyingDefaultSource<number> = {
      pull(controller) {
        callback();
        controller.enqueue(1);
      },
    };
    const readable = new ReadableStream(source, { highWaterMark: 0 });
    await pause(); // or the stream's start would call it
    await elsewhere(() => readable.getReader().read());
  },
  async "ReadableStream cancel"({ callback, elsewhere }) {
    const readable = new ReadableStream({ cancel: callback });
    await elsewhere(() => readable.cancel());
  },
  async "ReadableStream read"({ callback, elsewhere }) {
    let controller: ReadableStreamDefaultController<number>;
    const readable = new ReadableStream<number>({ start: (it) => void (controller = it) });
    const read = readable.getReader().read();
    elsewhere(() => controller.enqueue(1));
    await read;
    callback();
  },
  async "WritableStream write"({ callback, elsewhere }) {
    const writable = new WritableStream({ write: callback });
    await pause();
    await elsewhere(() => writable.getWriter().write(1));
  },
  async "WritableStream close"({ callback, elsewhere }) {
    const writable = new WritableStream({ close: callback });
    await pause();
    await elsewhere(() => writable.close());
  },
  async "TransformStream transform"({ callback, elsewhere }) {
    const through = new TransformStream({ transform: callback });
    await elsewhere(() => drain(oneChunk().pipeThrough(through)));
  },
  async "TransformStream flush"({ callback, elsewhere }) {
    const through = new TransformStream({ flush: callback });
    await elsewhere(() => drain(oneChunk().pipeThrough(through)));
  },
  async "CompressionStream, reading"({ callback, elsewhere }) {
    const bytes = new Blob(["chunk"]).stream().pipeThrough(new CompressionStream("gzip"));
    await elsewhere(() => drain(bytes));
    callback();
  },
  async "node:stream Readable read()"({ callback, elsewhere }) {
    const readable = new stream.Readable({
      read() {
        callback();
        this.push(null);
      },
    });
    await elsewhere(() => readable.toArray());
  },
  async "node:stream Readable data"({ callback, elsewhere }) {
    const readable = new stream.Readable({ read() {} });
    readable.on("data", callback);
    await pause(); // or its start to flow would emit it
    elsewhere(() => readable.push("chunk"));
  },
  "node:stream Readable close"({ callback, elsewhere }) {
    const readable = new stream.Readable({ read() {} });
    readable.on("close", callback);
    elsewhere(() => readable.destroy());
  },
  "node:stream Transform transform()"({ callback, elsewhere }) {
    const through = new stream.Transform({
      transform(chunk, _encoding, done) {
        callback();
        done(null, chunk);
      },
    });
    elsewhere(() => through.write("chunk"));
  },
  "node:stream finished"({ callback, elsewhere }) {
    const readable = new stream.Readable({ read() {} });
    stream.finished(readable, callback);
    elsewhere(() => readable.destroy());
  },
  "node:stream pipeline"({ callback, elsewhere }) {
    const through = new stream.PassThrough();
    stream.pipeline(through, new stream.PassThrough().resume(), callback);
    elsewhere(() => through.end());
  },
  "node:zlib deflate callback"({ callback }) {
    zlib.deflate("text", callback);
  },
  "node:zlib Gzip data"({ callback, elsewhere }) {
    const gzip = zlib.createGzip().on("data", callback);
    elsewhere(() => gzip.end("text"));
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
