/** What a soak has counted; and the values by which it tells whether memory is let go. */

/** Counts over the whole run. */
export class Tally {
  tasks = 0;
  requests = 0;
  /** Bodies whose client had gone, by when it went: while they were sent, or before. */
  readonly cancelled = { aborts: 0, leaves: 0 };
  /** Values that were read where another belonged. */
  bleeds = 0;
  /** Some of the values that were made, to see whether they are collected. */
  made: WeakRef<Payload>[] = [];
}

const TRACKED = 1_000;

/** A value of a task or a request, large enough to show in the heap if it were kept. */
export class Payload {
  readonly id = crypto.randomUUID();
  readonly ballast: number[] = new Array(100).fill(0);

  constructor(tally: Tally) {
    if (tally.made.length < TRACKED) tally.made.push(new WeakRef(this));
  }
}

/** Counts a bleed where two values differ. */
export function note(tally: Tally, actual: unknown, expected: unknown): void {
  if (actual === expected) return;
  tally.bleeds++;
  console.error("read", actual, "where this belonged:", expected);
}
