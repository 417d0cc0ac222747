/** Counts of what was read, by the place where it was. */

/** The reads at one place, and how many of them were wrong. */
export interface Count {
  reads: number;
  /** Of these: the name of another request. */
  anothers: number;
  /** Of these: no name, where the request has one. */
  none: number;
}

/** By the place. */
export type Counts = Record<string, Count>;

/** What stands for a request that names nobody. */
export const NOBODY = "anonymous";

/** Counts a read. */
export function count(counts: Counts, place: string, read: string, expected: string): void {
  const at = counts[place] ??= { reads: 0, anothers: 0, none: 0 };
  at.reads++;
  if (read === expected) return;
  if (read === NOBODY) at.none++;
  else at.anothers++;
}
