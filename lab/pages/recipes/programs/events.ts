/** Events: a listener runs as who has added it, whoever emits, and can be removed. */

import { EventEmitter } from "node:events";
import { copyContext } from "@contextvars/contextvars";
import { conclude, concurrently, count, requestId } from "../tally.ts";

function listen(emitter: EventEmitter, onSaved: () => void): () => void {
  emitter.on("saved", copyContext().bind(onSaved));
  return () => emitter.off("saved", onSaved);
}

const added: { emitter: EventEmitter; stop: () => void }[] = [];

await concurrently(requestId, (id) => {
  const emitter = new EventEmitter();
  const stop = listen(emitter, () => {
    count(requestId.get(), id);
    requestId.set("the listener's own");
  });
  added.push({ emitter, stop });
});
await concurrently(requestId, (id) => {
  const { emitter, stop } = added.pop()!;
  emitter.emit("saved");
  emitter.emit("saved");
  count(requestId.get(), id);
  stop();
  emitter.emit("saved");
});
conclude(600);

// wrong, not bound: copyContext().bind(onSaved) ~> onSaved
