/** What contextvars.ts and map.ts have in common: each is a way to carry values. */

import type { Loop } from "./measure.ts";

/**
 * A way to carry values, with a number of variables.
 *
 * The loops are what one would write by hand, once for each: by the functions `set` and `get` below,
 * a request took up to twice as long on Bun. What takes longer than that may call them.
 */
export interface Subject {
  /** Calls a function in a context in which each variable is set. */
  readonly start: <R>(fn: () => R) => R;
  /** Calls a handler in an empty context, which sets each variable, and gets `GETS` values. */
  readonly request: Loop;
  /** What is done in a context, by the names of the page. A `set` changes the value. */
  readonly operations: Readonly<Record<string, Loop>>;
  /** Copies the current context, and sets a variable in the copy. */
  readonly copyWithSet: (value: number) => object;
  /** Runs a function as a task, in a copy of the current context. */
  readonly task: <R>(fn: () => Promise<R>) => Promise<R>;
  /** Returns a function that calls this one in an empty context. */
  readonly handler: <R>(fn: () => R) => () => R;
  readonly set: (i: number, value: number) => void;
  readonly get: (i: number) => number;
  /** Returns what the loops have computed: so nothing of them can be left out. */
  readonly result: () => unknown;
}

/** How many values a request gets. */
export const GETS = 20;

/** What a list of so many variables is indexed with. */
export const MASK = 2 ** 14 - 1;

/** Returns elements in another order, always the same one, again and again: `MASK + 1` in all. */
export function shuffled<T>(elements: readonly T[]): T[] {
  let random = 1;
  const order = elements.map((element) => {
    random = random * 16_807 % 2_147_483_647;
    return { element, random };
  }).sort((a, b) => a.random - b.random);
  return Array.from({ length: MASK + 1 }, (_, i) => order[i % order.length]!.element);
}

export function nothing(): void {}
