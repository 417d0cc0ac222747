/** What each peer implements, so that one program can check and measure them all. */

/** What a set reaches, as the tables call it. */
export type Reach = keyof typeof SEEN_BY;

/**
 * Who sees a set: the caller of an async function that sets before its await, the caller of one that
 * sets after it, another function in the same `run` that was waiting, the starter of a task that sets.
 */
export const SEEN_BY = {
  "all in the same `run`": [true, true, true, true],
  "the task": [true, true, true, false],
  "the code that follows": [true, false, false, false],
  "a callback only": [false, false, false, false],
} as const;

/** A way to carry variables through asynchronous code. `V` is its variable, `C` its context. */
export interface Peer<V, C> {
  /** What the tables call it. */
  readonly name: string;
  /** What a set reaches. */
  readonly setReaches: Reach;
  /** Whether what a copy or a task sets stays there; else neither is measured. */
  readonly isolated: boolean;
  /** Makes a variable. */
  variable(name: string): V;
  /** Makes a context in which each variable has the value. */
  context(variables: readonly V[], value: unknown): C;
  /** Calls `fn` in a context, also in the one that is current. */
  run<R>(context: C, fn: () => R): R;
  /** Returns a variable's value in the current context. */
  get(variable: V): unknown;
  /** Gives a variable a value in the current context; absent where only a callback can have one. */
  set?(variable: V, value: unknown): void;
  /**
   * Gives a variable a value, and takes it back; or calls an empty function with it. Each peer writes
   * it out, as one would by hand: a function that they share would be a call more to measure.
   */
  setAndReset(variable: V, value: unknown): void;
  /** Returns a copy of the current context; if the peer is not isolated, something to `run`. */
  copy(): C;
  /** Sets a variable in a copy of the current context, and returns the copy. */
  copyEnterSet(variable: V, value: unknown): C;
  /**
   * Returns a function that calls another as a server calls a handler: each time in an empty context
   * of its own. Absent where the peer has no way to do so, or where it is measured by another peer.
   */
  request?(handle: () => unknown): () => unknown;
  /** Starts an async function in a copy, where it sets, awaits, and returns what it gets. */
  task(variable: V, value: unknown): Promise<unknown>;
}

/** The function that `run` and `setAndReset` are measured with. */
export function nothing(): void {}
