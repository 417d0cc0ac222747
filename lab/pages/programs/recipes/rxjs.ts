/** rxjs: a subscriber runs as who has subscribed, whoever emits. */

import { copyContext } from "@contextvars/contextvars";
import { debounceTime, type Observable, share, Subject, type Subscription } from "rxjs";
import { conclude, concurrently, count, requestId } from "../shared/tally.ts";

function subscribe<T>(source: Observable<T>, next: (value: T) => void): Subscription {
  return source.subscribe(copyContext().bind(next));
}

const saved = new Subject<string>();
const settled = saved.pipe(debounceTime(1), share());

await concurrently((id) => {
  subscribe(saved, () => count(requestId.get(), id));
  subscribe(settled, () => count(requestId.get(), id));
});
const { promise: done, resolve } = Promise.withResolvers<string>();
settled.subscribe(resolve);
requestId.run("who emits", () => saved.next("order"));
await done;
conclude(400);

// wrong, not bound: copyContext().bind(next) ~> next
