/**
 * What was set outside any task, and how everyone who has it loses it at once.
 *
 * Outside any task a `set` writes to no frame: it makes a new one, for the code that follows. So
 * one value spreads over many frames: the frame of its `set`, and those that later sets of other
 * variables make from it. All of them hold the same assignment for it, and it holds the value.
 * Taking the value back touches the assignment alone: it says what stands in its place, and lets
 * the value go, whoever still holds the assignment.
 */

import { ABSENT } from "./persistent_map.ts";

/** What one `set` outside any task gave to a variable; `ABSENT` stands for no value. */
export class Assignment {
  /** The variable's number in the map. */
  readonly number: number;
  value: unknown;
  /** Once the value was taken back: the assignment that stands in its place. */
  instead: Assignment | undefined = undefined;

  /** Makes an assignment. */
  constructor(number: number, value: unknown) {
    this.number = number;
    this.value = value;
  }
}

/**
 * An assignment, and the one that it replaced: what a token made outside any task remembers.
 * Assignments do not refer to the one before them: a program that never resets would keep all.
 */
export class Undo {
  readonly assignment: Assignment;
  readonly before: Assignment;

  /** Remembers what an assignment has replaced. */
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

/** Returns the value of what a frame outside any task has for a variable. */
export function valueOf(held: unknown): unknown {
  return held === ABSENT ? ABSENT : currentOf(held as Assignment).value;
}
