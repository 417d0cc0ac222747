/** The rule that tells a race. It is a heuristic: docs/debug.md says what it misses. */

import { currentTurn, type Step } from "./step.ts";

/**
 * Returns the write that code at the step `reader` should find instead of `writer`, the variable's
 * last write in the same task; or `undefined` where all is well.
 *
 * All is well where the writer is above the reader, which has then seen it; and where nothing above
 * the reader wrote the variable, so that it expects nothing. Otherwise the two part at a fork, their
 * nearest common step, and there is a race in two cases:
 * - Overwritten: the reader's branch wrote the variable below the fork.
 * - Stale: the reader's branch left the fork's turn, suspended or put off, and the code of that turn
 *   then wrote the variable behind its back. What it wrote first counts: the writer may be further
 *   down, since a `set` before an async function's first await moves its caller too.
 */
export function expectedWrite(reader: Step, writer: Step): Step | undefined {
  let expected: Step | undefined = reader;
  while (expected !== undefined && expected.number !== writer.number) expected = expected.parent;
  if (expected === undefined) return undefined;

  let left: Step | undefined = reader;
  let right: Step | undefined = writer;
  let belowFork: Step | undefined;
  let firstWrite: Step | undefined;
  while (left !== right) {
    if (left === undefined || right === undefined) return undefined; // cut off
    if (left.depth > right.depth) {
      belowFork = left;
      left = left.parent;
    } else {
      if (right.number === writer.number) firstWrite = right;
      right = right.parent;
    }
  }
  if (firstWrite === undefined) return undefined;
  const { depth, turn } = left!;
  if (expected.depth > depth) return expected;
  const leftAt = belowFork === undefined ? currentTurn() : belowFork.turn;
  return leftAt !== turn && firstWrite.turn === turn ? expected : undefined;
}
