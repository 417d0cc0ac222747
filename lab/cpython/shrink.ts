/** Makes a program that fails as small as it gets, so that a reader sees why it fails. */

import type { Block, Program } from "./program.ts";

/** Returns a smallest program that still fails: each smaller one next to it does not. */
export async function shrink(
  program: Program,
  fails: (program: Program) => Promise<boolean>,
): Promise<Program> {
  for (const smaller of smallerOnes(program)) {
    if (await fails(smaller as Program)) return shrink(smaller as Program, fails);
  }
  return program;
}

/** Yields the next smaller values of a part of a program: of a list, an object or a number. */
function* smallerOnes(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    yield* withoutRuns(value);
    for (const [index, item] of value.entries()) {
      const blocks: readonly Block[] = item?.blocks ?? [];
      for (const block of blocks) yield value.toSpliced(index, 1, ...block);
    }
    for (const [index, item] of value.entries()) {
      for (const smaller of smallerOnes(item)) yield value.with(index, smaller);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      for (const smaller of smallerOnes(part)) yield { ...value, [name]: smaller };
    }
  } else if (typeof value === "number") {
    for (const smaller of [0, value % 32, value - 1]) {
      if (smaller >= 0 && smaller < value) yield smaller;
    }
  }
}

/** Yields a list without a run of its items: first all, then halves, at last single items. */
function* withoutRuns(items: readonly unknown[]): Generator<readonly unknown[]> {
  for (let length = items.length; length > 0; length = Math.floor(length / 2)) {
    for (let start = 0; start < items.length; start += length) {
      yield items.toSpliced(start, length);
    }
  }
}
