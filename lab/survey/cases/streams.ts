/** Streams of the web and of Node.js: their sources, sinks and transforms, and their ends. */

import stream from "node:stream";
import zlib from "node:zlib";
import { type Cases, pause } from "../attempt.ts";
import { on, once } from "../emitter.ts";

export const streams: Cases = {
  async "ReadableStream pull"({ callback, fireTwice }) {
    const pull = (it: ReadableStreamDefaultController) => (callback(), it.enqueue(1));
    const reader = new ReadableStream({ pull }, { highWaterMark: 0 }).getReader();
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
    await fire(() => new Response(new Blob(["chunk"]).stream().pipeThrough(through)).text());
  },
  async "node:stream Readable read()"({ callback, fire }) {
    const it: stream.Readable = new stream.Readable({ read: () => (callback(), it.push(null)) });
    await fire(() => it.toArray());
  },
  "node:stream Readable data": on(readable, "data", async (it) => {
    await pause(); // or its start to flow would emit it
    it.push("chunk");
  }),
  "node:stream Readable close": once(readable, "close", (it) => it.destroy()),
  async "node:stream Transform transform()"({ callback, fireTwice }) {
    const through = new stream.Transform({ transform: (_it, _as, done) => (callback(), done()) });
    await fireTwice(() => through.write("chunk"));
  },
  "node:stream pipeline"({ callback, make, fire }) {
    const through = make(() => new stream.PassThrough());
    stream.pipeline(through, new stream.PassThrough().resume(), callback);
    fire(() => through.end());
  },
  "node:zlib Gzip data": once(() => zlib.createGzip(), "data", (gzip) => gzip.end("text")),
};

function readable(): stream.Readable {
  return new stream.Readable({ read() {} });
}
