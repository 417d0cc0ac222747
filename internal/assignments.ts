/**
 * What was set outside any task, and how everyone who has it loses it at once.
 *
 * Outside any task a `set` writes to no frame: it makes a new one, for the code that follows. So
 * one value spreads over many frames: the frame of its `set`, and those that later sets of other
 * variables make from it. All of them hold one assignment, which holds the value. To take the value
 * back, the assignment lets it go, and names the assignment that stands in its place.
 */

import { ABSENT, type Key } from "./persistent_map.ts";

/** What one `set` outside any task gave to a variable; `ABSENT` stands for no value. */
export class Assignment {
  /** The variable's key. */
  readonly key: Key<object>;
  value: unknown;
  /** Once the value was taken back: the assignment that stands in its place. */
  instead: Assignment | undefined = undefined;

  /** Makes an assignment. */
  constructor(key: Key<object>, value: unknown) {
    this.key = key;
    this.value = value;
  }
}

/**
 * An assignment, and the one that it replaced, for a token that is made outside any task.
 * Assignments do not refer to the one before them: a program that never resets would keep all.
 */
export class Undo {
  readonly assignment: Assignment;
  readonly before: Assignment;

  /** Makes the pair. */
  constructor(assignment: Assignment, before: Assignment) {
    this.assignment = assignment;
    this.before = before;
  }
}

/** Returns an assignment itself; where it was taken back, the one that stands in its place. */
export function currentOf(assignment: Assignment): Assignment {
  let current = assignment;
  while (current.instead !== undefined) current = current.instead;
  if (current !== assignment) assignment.instead = current; // the way is short from now on
  return current;
}

/** Returns the value behind an assignment; `held` may also be `ABSENT`. */
export function valueOf(held: unknown): unknown {
  return held === ABSENT ? ABSENT : currentOf(held as Assignment).value;
}
