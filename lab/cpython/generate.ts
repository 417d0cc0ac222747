/**
 * Makes random programs; the same seed makes the same program.
 *
 * The weights are set so that every kind of step and class of error comes up again and again
 * (`fuzz.ts` counts them), and that most steps succeed: what may raise is mostly caught.
 */

import { Random } from "../random.ts";
import type { Block, Program, Step } from "./program.ts";

/** What prints as the same JSON in both languages. */
const VALUES = [null, true, false, 0, 1, 2, 3, -1.5, "", "a", "b"];

/** Each kind of step: how often it comes, and its operands, by the names of `OPERANDS`. */
const AT_ONCE = `
  20 set variable value
  14 get variable fallback
  16 reset token otherVariable
   1 wrongToken variable
   2 showToken token
   1 showName variable
   5 copyContext
   3 emptyContext
   3 copy context
  14 run context block
   4 runBound context block
   4 runWith variable value block
   3 lookUp anyContext variable fallback
   2 item anyContext variable
   2 has anyContext variable
   1 size anyContext
   5 items anyContext
   3 equals anyContext other
   1 wrongKey anyContext
   6 task waitingBlock
   6 taskIn context waitingBlock
   4 generator waitingBlocks
   1 raise
   3 catch sameBlock
`;

const WAITING = `
  14 wait
   6 helper waitingBlock
   4 join task
   4 gather settled waitingBlocks
   9 next generator
   2 close generator
`;

/** What each program begins with, so that what follows finds something. */
const FIRST = ["set", "copyContext", "emptyContext", "generator"];

const MAY_RAISE =
  "get reset wrongToken run runBound runWith item wrongKey join gather raise next close".split(" ");

/** A block in the making: how many more steps it may have, with those inside. */
interface Making {
  readonly random: Random;
  readonly variables: number;
  /** Whether steps can wait here: not within `run`. */
  readonly waits: boolean;
  left: number;
}

/** What an operand adds to a step; one that is not here is a number, and mostly a small one. */
const OPERANDS: Record<string, (making: Making) => Partial<Step>> = {
  variable: ({ random, variables }) => ({ variable: random.below(variables) }),
  otherVariable: (making) => making.random.chance(15) ? OPERANDS.variable!(making) : {},
  value: ({ random }) => ({ value: random.pick(VALUES) }),
  fallback: ({ random }) => random.chance(30) ? { fallback: random.pick(VALUES) } : {},
  anyContext: ({ random }) => ({ context: random.chance(30) ? null : smallNumber(random) }),
  settled: ({ random }) => ({ settled: random.chance(50) }),
  block: (making) => ({ blocks: [inside(making, false)] }),
  sameBlock: (making) => ({ blocks: [inside(making, making.waits)] }),
  waitingBlock: (making) => ({ blocks: [inside(making, true)] }),
  waitingBlocks: (making) => ({
    blocks: Array.from({ length: 1 + making.random.below(3) }, () => inside(making, true)),
  }),
};

const DICE_AT_ONCE = diceOf(AT_ONCE);
const DICE = [...DICE_AT_ONCE, ...diceOf(WAITING)];

/** Returns a row for each side of a die: its kind, and its operands. */
function diceOf(table: string): string[][] {
  return table.trim().split("\n").flatMap((line) => {
    const [weight, ...row] = line.trim().split(" ");
    return Array<string[]>(Number(weight)).fill(row);
  });
}

/** Returns the program of a seed. */
export function generate(seed: number): Program {
  const random = new Random(seed);
  // Many variables make deep maps.
  const count = random.chance(90) ? 1 + random.below(4) : 5 + random.below(60);
  const variables = Array.from({ length: count }, () => ({
    name: random.pick(["a", "b", "c"]),
    ...(random.chance(40) && { default: random.pick(VALUES) }),
  }));
  const making = { random, variables: count, waits: true, left: 10 + random.below(80) };
  const first = FIRST.map((kind) => makeStep(making, DICE.find((row) => row[0] === kind)!));
  const block = [...first, ...fill(making)];
  const schedule = Array.from({ length: random.below(60) }, () => random.below(12));
  // The variables lie across a border of the map: of a leaf, or a branch.
  const border = random.pick([0, 32, 32 * random.below(32), 32 ** 2]);
  const offset = Math.max(0, border - random.below(count + 1));
  return { variables, offset, block, schedule };
}

/** Makes a block inside, which takes some of the steps of the one around it. */
function inside(around: Making, waits: boolean): Block {
  const left = Math.min(around.left, 1 + around.random.below(10));
  around.left -= left;
  return fill({ ...around, waits, left });
}

function fill(making: Making): Block {
  const { random, waits } = making;
  const block: Step[] = [];
  while (making.left-- > 0) {
    const dice = waits || random.chance(5) ? DICE : DICE_AT_ONCE;
    const step = makeStep(making, random.pick(dice));
    const caught = MAY_RAISE.includes(step.kind) && random.chance(85);
    block.push(caught ? { kind: "catch", blocks: [[step]] } : step);
  }
  return block;
}

function makeStep(making: Making, [kind, ...operands]: string[]): Step {
  const step = { kind: kind! };
  for (const name of operands) {
    Object.assign(step, OPERANDS[name]?.(making) ?? { [name]: smallNumber(making.random) });
  }
  return step;
}

function smallNumber(random: Random): number {
  return random.below(1 + random.below(12));
}
