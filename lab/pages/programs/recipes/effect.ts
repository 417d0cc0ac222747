/** Effect: a fiber keeps the context in which it was run; one that sets is run as a task. */

import { createTask } from "@contextvars/contextvars";
import { Effect } from "effect";
import { conclude, concurrently, count, requestId, turns } from "../shared/tally.ts";

function asTask<A>(effect: Effect.Effect<A>): Effect.Effect<A> {
  return Effect.promise(() => createTask(() => Effect.runPromise(effect)));
}

await concurrently(async (id) => {
  const see = (expected: string) =>
    Effect.gen(function* () {
      yield* Effect.sleep(1);
      count(requestId.get(), expected);
      yield* Effect.promise(turns);
      count(requestId.get(), expected);
    });
  const setAndSee = (name: string) =>
    Effect.gen(function* () {
      requestId.set(name);
      yield* see(name);
    });
  const children = [asTask(setAndSee("first")), asTask(setAndSee("second"))];
  await Effect.runPromise(Effect.all([see(id), ...children], { concurrency: "unbounded" }));
  count(requestId.get(), id);
});
conclude(200 * 7);

// wrong, not as tasks: asTask(setAndSee("first")), asTask(setAndSee("second")) ~> setAndSee("first"), setAndSee("second")
