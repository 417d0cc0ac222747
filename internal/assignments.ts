/**
 * What was set outside any task, and how everyone who has it loses it at once.
 *
 * Outside any task a `set` writes to no frame: it makes a new one, for the code that follows. So
 * one value spreads over many frames: the frame of its `set`, and those that later sets of other
 * variables make from it. All of them hold the same assignment for it. Taking the value back
 * touches the assignment alone; each frame catches up when it is next asked for (`currentFrame`).
 */

import { ABSENT, PersistentMap } from "./persistent_map.ts";

/** Counts the assignments that were taken back. A frame whose `#seen` equals it is up to date. */
let timesTakenBack = 0;

/** What one `set` outside any task gave to a variable; `ABSENT` stands for no value. */
export class Assignment {
  readonly number: number;
  readonly variable: object;
  readonly value: unknown;
  /** Once the value was taken back: the assignment that stands in its place. */
  instead: Assignment | undefined = undefined;

  /** Makes an assignment. The number is the variable's in the map. */
  constructor(number: number, variable: object, value: unknown) {
    this.number = number;
    this.variable = variable;
    this.value = value;
  }
}

/** Returns an assignment itself; where it was taken back, the one that stands in its place. */
export function currentOf(assignment: Assignment): Assignment {
  let current = assignment;
  while (current.instead !== undefined) current = current.instead;
  return current;
}

/** Takes the value of an assignment back from every frame that has it. */
export function takeBack({ assignment, before }: Undo): void {
  assignment.instead = currentOf(before);
  timesTakenBack++;
}

/**
 * An assignment, and the one that it replaced: what a token made outside any task remembers.
 * Assignments themselves do not refer to the one before: a program that never resets would keep
 * all.
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

/** The assignments behind the values of one frame outside any task. */
export class Assignments extends PersistentMap<object, Assignment> {
  #seen = timesTakenBack;

  /** Puts an assignment in place of what its variable had, here and in the frame's values. */
  put(assignment: Assignment, values: PersistentMap<object, unknown>): void {
    const { number, variable, value } = assignment;
    if (value === ABSENT) {
      this.delete(number);
      values.delete(number);
    } else {
      this.set(number, variable, assignment);
      values.set(number, variable, value);
    }
  }

  /** Brings a frame's values up to date; returns whether one of them was taken back. */
  catchUp(values: PersistentMap<object, unknown>): boolean {
    if (this.#seen === timesTakenBack) return false;
    this.#seen = timesTakenBack;
    const outdated = this.entries().filter(([, assignment]) => assignment.instead !== undefined);
    for (const [, assignment] of outdated) this.put(currentOf(assignment), values);
    return outdated.length > 0;
  }
}
