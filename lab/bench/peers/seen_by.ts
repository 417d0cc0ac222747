/** Finds out what a set reaches. */

import type { Peer } from "./peer.ts";

/** Tells who sees a set, in the order of `SEEN_BY`. A peer without one sets for a callback. */
export async function seenBy<V, C>(peer: Peer<V, C>, variable: V): Promise<boolean[]> {
  const set = peer.set ?? peer.setAndReset;
  const turn = Promise.withResolvers<void>();
  const beside = (async () => {
    await turn.promise;
    return peer.get(variable);
  })();
  await (async () => {
    set(variable, "before");
    await undefined;
  })();
  const before = peer.get(variable);
  await (async () => {
    await undefined;
    set(variable, "after");
  })();
  const after = peer.get(variable);
  turn.resolve();
  const seen = [before === "before", after === "after", await beside === "after"];
  await peer.task(variable, "task");
  seen.push(peer.get(variable) === "task");
  set(variable, "a");
  return seen;
}
