/** Makes a program that fails as small as it gets, so that a reader sees why it fails. */

import type { Block, Program, Step } from "./program.ts";

/** Returns a smallest program that still fails: each smaller one next to it does not. */
export async function shrink(
  program: Program,
  fails: (program: Program) => Promise<boolean>,
): Promise<Program> {
  for (const candidate of smallerPrograms(program)) {
    if (await fails(candidate)) return shrink(candidate, fails);
  }
  return program;
}

function* smallerPrograms(program: Program): Generator<Program> {
  for (const block of smallerBlocks(program.block)) yield { ...program, block };
  for (const variables of withoutRuns(program.variables)) {
    if (variables.length > 0) yield { ...program, variables };
  }
  for (const offset of [0, program.offset % 32, program.offset - 1]) {
    if (offset >= 0 && offset < program.offset) yield { ...program, offset };
  }
  for (const schedule of withoutRuns(program.schedule)) yield { ...program, schedule };
  for (const [index, turn] of program.schedule.entries()) {
    if (turn > 0) yield { ...program, schedule: program.schedule.with(index, turn - 1) };
  }
}

/** Yields a block without some steps; with what is in a step instead of it; with smaller steps. */
function* smallerBlocks(block: Block): Generator<Block> {
  yield* withoutRuns(block);
  for (const [index, step] of block.entries()) {
    for (const inner of step.blocks ?? []) yield block.toSpliced(index, 1, ...inner);
  }
  for (const [index, step] of block.entries()) {
    for (const smaller of smallerSteps(step)) yield block.with(index, smaller);
  }
}

function* smallerSteps({ blocks = [], ...step }: Step): Generator<Step> {
  for (const fewer of withoutRuns(blocks)) yield { ...step, blocks: fewer };
  for (const [index, each] of blocks.entries()) {
    for (const block of smallerBlocks(each)) yield { ...step, blocks: blocks.with(index, block) };
  }
}

/** Yields a list without a run of its items: first all, then halves, at last single items. */
function* withoutRuns<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let length = items.length; length > 0; length = Math.floor(length / 2)) {
    for (let start = 0; start < items.length; start += length) {
      yield items.toSpliced(start, length);
    }
  }
}
