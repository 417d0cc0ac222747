/** What each peer implements, so that one program can check and measure them all. */

/** A way to carry variables through asynchronous code. `V` is its variable, `C` its context. */
export interface Peer<V, C> {
  /** What the tables call it. */
  readonly name: string;
  /** How far what a set does reaches, in a few words. */
  readonly setReaches: string;
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
  /** Gives a variable a value, and takes it back; or calls an empty function with it. */
  setAndReset(variable: V, value: unknown): void;
  /** Returns a copy of the current context; if the peer is not isolated, something to `run`. */
  copy(): C;
  /** Sets a variable in a copy of the current context, and returns the copy. */
  copyEnterSet(variable: V, value: unknown): C;
  /** Starts an async function in a copy, where it sets, awaits, and returns what it gets. */
  task(variable: V, value: unknown): Promise<unknown>;
}

/** The function that `setAndReset` and `run` are measured with. */
export function nothing(): void {}
