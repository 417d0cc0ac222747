/** Tries every door in this runtime, one after the other, outside any task. */

import { type Result, tryDoor } from "./door.ts";
import { doors } from "./doors.ts";

/** A door, and what came of it with the callback as it is, and with the callback bound. */
export interface Entry {
  readonly kind: string;
  readonly door: string;
  readonly plain: Result;
  readonly bound: Result;
}

/** Tries the doors one by one: some fire listeners that are the whole process's. */
export async function survey(): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const [kind, doorsOfKind] of Object.entries(doors)) {
    for (const [name, door] of Object.entries(doorsOfKind)) {
      const plain = await tryDoor(door, false);
      const bound = plain.outcome === "not there" ? plain : await tryDoor(door, true);
      entries.push({ kind, door: name, plain, bound });
    }
  }
  return entries;
}
