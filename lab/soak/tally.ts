/** What a soak has counted; and the values by which it tells whether memory is let go. */

const TRACKED = 1_000;

/** A value of a task or a request, large enough to show in the heap if it were kept. */
export interface Payload {
  readonly id: string;
  readonly ballast: readonly number[];
}

/** Counts over the whole run. */
export class Tally {
  tasks = 0;
  requests = 0;
  /** Clients that have left while the response was sent, and bodies that were cancelled then. */
  left = 0;
  cancelled = 0;
  /** Values that were read where another belonged. */
  bleeds = 0;
  /** Some of the values that were made, to see whether they are collected. */
  readonly made: WeakRef<Payload>[] = [];

  /** Makes a value, and keeps track of it. */
  payload(): Payload {
    const payload = { id: crypto.randomUUID(), ballast: new Array(100).fill(0) };
    if (this.made.length < TRACKED) this.made.push(new WeakRef(payload));
    return payload;
  }

  /** Counts a bleed where two values differ. */
  note(actual: unknown, expected: unknown): void {
    if (actual === expected) return;
    this.bleeds++;
    console.error("read", actual, "where this belonged:", expected);
  }
}
