/** Events: a listener runs as who has added it, whoever emits, and each takes off its own. */

import { EventEmitter } from "node:events";
import { copyContext } from "@contextvars/contextvars";
import { conclude, concurrently, count, requestId } from "../shared/tally.ts";

function listen(emitter: EventEmitter, onSaved: () => void): () => void {
  const bound = copyContext().bind(onSaved);
  emitter.on("saved", bound);
  return () => emitter.off("saved", bound);
}

const emitter = new EventEmitter().setMaxListeners(0);
const added: { id: string; stop: () => void }[] = [];
let seen: string[] = [];

/** All add this one. */
function onSaved(): void {
  seen.push(requestId.get());
  requestId.set("the listener's own");
}

await concurrently((id) => {
  added.push({ id, stop: listen(emitter, onSaved) });
});
await concurrently((id) => {
  seen = [];
  emitter.emit("saved");
  count(seen.join(), added.map((it) => it.id).join());
  count(requestId.get(), id);
  added.shift()!.stop();
});
conclude(400);

// wrong, not bound: copyContext().bind(onSaved) ~> onSaved
// wrong, takes off the newest: emitter.off("saved", bound) ~> emitter.off("saved", onSaved)
