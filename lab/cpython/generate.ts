/**
 * Makes random programs; the same seed makes the same program.
 *
 * The weights are set so that every kind of step and class of error comes up again and again
 * (`fuzz.ts` counts them), and that most steps succeed: what may raise is mostly caught.
 */

import type { Block, Program, Step, Value } from "./program.ts";
import { Random } from "../../tests/random.ts";

type Registers<T> = Record<"token" | "context" | "task" | "generator", T>;

const VALUES: readonly Value[] = [null, true, false, 0, 1, 2, 3, -1.5, "", "a", "b"];

/** How deep blocks are in blocks. */
const DEEPEST = 6;

/** Each kind of step: how often it comes, and its operands, by the names of `OPERANDS`. */
const AT_ONCE = `
  20 set variable value newToken
  14 get variable fallback
  16 reset token variableOfToken
   2 showToken token
   1 showName variable
   5 copyContext newContext
   3 emptyContext newContext
   3 copy context newContext
  14 run context block
   4 runBound context block
   4 runWith variable value block
   3 lookUp anyContext variable fallback
   2 item anyContext variable
   2 has anyContext variable
   1 size anyContext
   5 items anyContext
   3 equals anyContext otherContext
   1 wrongKey anyContext
   6 task newTask waitingBlock
   6 taskIn newTask context waitingBlock
   4 generator newGenerator waitingBlocks
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

const MAY_RAISE = "get reset run runBound runWith item wrongKey join gather raise next close";

type MakeOperand = (builder: Builder, step: Step) => Partial<Step>;

const OPERANDS: Record<string, MakeOperand> = {
  variable: (builder) => ({ variable: builder.variable() }),
  variableOfToken: (builder, { token }) => ({ variable: builder.variableOf(token!) }),
  value: ({ random }) => ({ value: random.pick(VALUES) }),
  fallback: ({ random }) => random.chance(30) ? { fallback: random.pick(VALUES) } : {},
  token: (builder) => ({ token: builder.filled("token") }),
  newToken: (builder, { variable }) => ({ token: builder.tokenFor(variable!) }),
  context: (builder) => ({ context: builder.filled("context") }),
  anyContext: (builder) => ({
    context: builder.random.chance(30) ? null : builder.filled("context"),
  }),
  newContext: (builder) => ({ other: builder.empty("context") }),
  otherContext: (builder) => ({ other: builder.filled("context") }),
  task: (builder) => ({ task: builder.filled("task") }),
  newTask: (builder) => ({ task: builder.empty("task") }),
  generator: (builder) => ({ generator: builder.filled("generator") }),
  newGenerator: (builder) => ({ generator: builder.empty("generator") }),
  settled: ({ random }) => ({ settled: random.chance(50) }),
  block: (builder) => ({ blocks: [builder.inside(false)] }),
  sameBlock: (builder) => ({ blocks: [builder.inside(builder.waits)] }),
  waitingBlock: (builder) => ({ blocks: [builder.inside(true)] }),
  waitingBlocks: (builder) => ({
    blocks: Array.from({ length: 1 + builder.random.below(3) }, () => builder.inside(true)),
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
  const builder = new Builder(random, count, 10 + random.below(80));
  const block = [...FIRST.map((kind) => builder.make(kind)), ...builder.fill()];
  const schedule = Array.from({ length: random.below(60) }, () => random.below(12));
  // The variables lie across a border of the map: of a leaf, or a branch.
  const border = random.pick([0, 32, 32 * random.below(32), 32 ** 2]);
  const offset = Math.max(0, border - random.below(count + 1));
  return { variables, offset, block, schedule };
}

/** A block in the making, and what its steps can refer to. */
class Builder {
  /** Whether steps can wait here: not within `run`. */
  waits = true;
  readonly random: Random;
  readonly #variables: number;
  #steps: number;
  #depth = 0;
  /** How many registers there are, and by token the variable that was set: in the whole program. */
  #made: Registers<number> = { token: 0, context: 0, task: 0, generator: 0 };
  #variableOf: number[] = [];
  /** The registers filled by steps that come before in this block, or in one around it. */
  #near: Registers<number[]> = { token: [], context: [], task: [], generator: [] };

  constructor(random: Random, variables: number, steps: number) {
    this.random = random;
    this.#variables = variables;
    this.#steps = steps;
  }

  /** Makes a block inside, which takes some of the steps of this one. */
  inside(waits: boolean): Block {
    const steps = Math.min(this.#steps, 1 + this.random.below(10));
    this.#steps -= steps;
    const builder = new Builder(this.random, this.#variables, steps);
    builder.waits = waits;
    builder.#depth = this.#depth + 1;
    builder.#made = this.#made;
    builder.#variableOf = this.#variableOf;
    builder.#near = structuredClone(this.#near);
    return builder.fill();
  }

  fill(): Block {
    const block: Step[] = [];
    while (this.#steps-- > 0) {
      const anyKind = this.waits || this.random.chance(5);
      const step = this.#depth === DEEPEST
        ? this.make("set")
        : this.#makeRow(this.random.pick(anyKind ? DICE : DICE_AT_ONCE));
      const caught = MAY_RAISE.split(" ").includes(step.kind) && this.random.chance(85);
      block.push(caught ? { kind: "catch", blocks: [[step]] } : step);
    }
    return block;
  }

  /** Makes a step of a kind. */
  make(kind: string): Step {
    return this.#makeRow(DICE.find((row) => row[0] === kind)!);
  }

  #makeRow([kind, ...operands]: string[]): Step {
    const step: Step = { kind: kind! };
    for (const name of operands) Object.assign(step, OPERANDS[name]!(this, step));
    return step;
  }

  /** Returns the number of any variable. */
  variable(): number {
    return this.random.below(this.#variables);
  }

  /** Returns a register that is still empty. */
  empty(register: keyof Registers<unknown>): number {
    const number = this.#made[register]++;
    this.#near[register].push(number);
    return number;
  }

  /** Returns a register that is filled by now, mostly; else any. */
  filled(register: keyof Registers<unknown>): number {
    const near = this.#near[register];
    if (near.length > 0 && this.random.chance(85)) return this.random.pick(near);
    return this.random.below(this.#made[register] + 1);
  }

  /** Returns an empty register for the token of a variable. */
  tokenFor(variable: number): number {
    const token = this.empty("token");
    this.#variableOf[token] = variable;
    return token;
  }

  /** Returns the variable of a token, mostly; else any. */
  variableOf(token: number): number {
    const variable = this.#variableOf[token];
    return variable !== undefined && this.random.chance(85) ? variable : this.variable();
  }
}
