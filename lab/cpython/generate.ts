/**
 * Makes random programs; the same seed makes the same program.
 *
 * The weights are set so that every kind of step and class of error comes up again and again
 * (`fuzz.ts` counts them), and that most steps succeed: what may raise is mostly caught.
 */

import type { Block, Program, Step, Value } from "./program.ts";
import { Random } from "../../tests/random.ts";
import { BlockBuilder, type Made } from "./block_builder.ts";

type Maker = (builder: BlockBuilder) => Step;

type WeightedMaker = readonly [weight: number, maker: Maker];

const VALUES: readonly Value[] = [null, true, false, 0, 1, 2, 3, -1.5, "", "a", "b"];

/** How deep blocks are in blocks. */
const DEEPEST = 6;

const VARIABLE_STEPS: readonly WeightedMaker[] = [
  [20, makeSet],
  [14, (builder) => ({ kind: "get", variable: builder.variable(), ...maybeFallback(builder) })],
  [16, (builder) => {
    const token = builder.filled("token");
    return { kind: "reset", variable: builder.variableOf(token), token };
  }],
  [2, (builder) => ({ kind: "showToken", token: builder.filled("token") })],
  [1, (builder) => ({ kind: "showName", variable: builder.variable() })],
];

const CONTEXT_STEPS: readonly WeightedMaker[] = [
  [5, (builder) => ({ kind: "copyContext", context: builder.empty("context") })],
  [3, (builder) => ({ kind: "newContext", context: builder.empty("context") })],
  [3, (builder) => ({
    kind: "copy",
    of: builder.filled("context"),
    context: builder.empty("context"),
  })],
  [14, (builder) => ({
    kind: "run",
    context: builder.filled("context"),
    block: makeBlock(builder, false),
  })],
  [4, (builder) => ({
    kind: "runBound",
    context: builder.filled("context"),
    block: makeBlock(builder, false),
  })],
  [4, (builder) => ({
    kind: "runWith",
    variable: builder.variable(),
    value: builder.random.pick(VALUES),
    block: makeBlock(builder, false),
  })],
];

const MAPPING_STEPS: readonly WeightedMaker[] = [
  [3, (builder) => ({
    kind: "lookUp",
    context: anyContext(builder),
    variable: builder.variable(),
    ...maybeFallback(builder),
  })],
  [2, (builder) => ({ kind: "item", context: anyContext(builder), variable: builder.variable() })],
  [2, (builder) => ({ kind: "has", context: anyContext(builder), variable: builder.variable() })],
  [1, (builder) => ({ kind: "size", context: anyContext(builder) })],
  [5, (builder) => ({ kind: "items", context: anyContext(builder) })],
  [
    3,
    (builder) => ({
      kind: "equals",
      context: anyContext(builder),
      other: builder.filled("context"),
    }),
  ],
  [1, (builder) => ({ kind: "wrongKey", context: anyContext(builder) })],
];

const CONTROL_STEPS: readonly WeightedMaker[] = [
  [
    6,
    (builder) => ({ kind: "task", task: builder.empty("task"), block: makeBlock(builder, true) }),
  ],
  [6, (builder) => ({
    kind: "taskIn",
    task: builder.empty("task"),
    context: builder.filled("context"),
    block: makeBlock(builder, true),
  })],
  [4, (builder) => ({
    kind: "generator",
    generator: builder.empty("generator"),
    blocks: makeBlocks(builder),
    last: makeBlock(builder, false),
  })],
  [1, () => ({ kind: "raise" })],
  [3, (builder) => ({ kind: "catch", block: makeBlock(builder, builder.waits) })],
];

const WAITING_STEPS: readonly WeightedMaker[] = [
  [14, () => ({ kind: "wait" })],
  [6, (builder) => ({ kind: "helper", block: makeBlock(builder, true) })],
  [4, (builder) => ({ kind: "join", task: builder.filled("task") })],
  [
    4,
    (builder) => ({
      kind: "gather",
      settled: builder.random.chance(50),
      blocks: makeBlocks(builder),
    }),
  ],
  [9, (builder) => ({ kind: "next", generator: builder.filled("generator") })],
  [2, (builder) => ({ kind: "close", generator: builder.filled("generator") })],
];

const STEPS_AT_ONCE: readonly Maker[] = [
  ...VARIABLE_STEPS,
  ...CONTEXT_STEPS,
  ...MAPPING_STEPS,
  ...CONTROL_STEPS,
].flatMap(repeat);

const ALL_STEPS: readonly Maker[] = [...STEPS_AT_ONCE, ...WAITING_STEPS.flatMap(repeat)];

/** What each program begins with, so that what follows finds something. */
const FIRST_STEPS: readonly Maker[] = [
  makeSet,
  (builder) => ({ kind: "copyContext", context: builder.empty("context") }),
  (builder) => ({ kind: "newContext", context: builder.empty("context") }),
  (builder) => ({
    kind: "generator",
    generator: builder.empty("generator"),
    blocks: makeBlocks(builder),
    last: makeBlock(builder, false),
  }),
];

const MAY_RAISE: readonly Step["kind"][] = [
  "get",
  "reset",
  "run",
  "runBound",
  "runWith",
  "item",
  "wrongKey",
  "join",
  "gather",
  "raise",
  "next",
  "close",
];

/** Returns the program of a seed. */
export function generate(seed: number): Program {
  const random = new Random(seed);
  // Many variables make deep maps.
  const count = random.chance(90) ? 1 + random.below(4) : 5 + random.below(60);
  const variables = Array.from({ length: count }, () => ({
    name: random.pick(["a", "b", "c"]),
    ...(random.chance(40) && { default: random.pick(VALUES) }),
  }));
  const made: Made = {
    variables: count,
    variableOf: [],
    count: { token: 0, context: 0, task: 0, generator: 0 },
  };
  const builder = new BlockBuilder(random, made, 10 + random.below(80));
  const block = [...FIRST_STEPS.map((make) => make(builder)), ...fill(builder)];
  const schedule = Array.from({ length: random.below(60) }, () => random.below(12));
  return { variables, offset: makeOffset(random, count), block, schedule };
}

/** Returns an offset by which variables lie across a border of the map: of a leaf, or a branch. */
function makeOffset(random: Random, variables: number): number {
  const border = random.pick([0, 32, 32 * random.below(32), 32 ** 2]);
  return Math.max(0, border - random.below(variables + 1));
}

function makeBlock(builder: BlockBuilder, waits: boolean): Block {
  return fill(builder.inside(waits));
}

function makeBlocks(builder: BlockBuilder): readonly Block[] {
  return Array.from({ length: 1 + builder.random.below(3) }, () => makeBlock(builder, true));
}

function fill(builder: BlockBuilder): Block {
  const block: Step[] = [];
  while (builder.take()) {
    const step = makeStep(builder);
    const caught = MAY_RAISE.includes(step.kind) && builder.random.chance(85);
    block.push(caught ? { kind: "catch", block: [step] } : step);
  }
  return block;
}

function makeStep(builder: BlockBuilder): Step {
  if (builder.depth === DEEPEST) return makeSet(builder);
  const makers = builder.waits || builder.random.chance(5) ? ALL_STEPS : STEPS_AT_ONCE;
  return builder.random.pick(makers)(builder);
}

function makeSet(builder: BlockBuilder): Step {
  const variable = builder.variable();
  const token = builder.tokenFor(variable);
  return { kind: "set", variable, value: builder.random.pick(VALUES), token };
}

/** Returns a context's register, or null: a copy of the current one. */
function anyContext(builder: BlockBuilder): number | null {
  return builder.random.chance(30) ? null : builder.filled("context");
}

function maybeFallback(builder: BlockBuilder): { fallback?: Value } {
  return builder.random.chance(30) ? { fallback: builder.random.pick(VALUES) } : {};
}

function repeat([weight, maker]: WeightedMaker): Maker[] {
  return Array(weight).fill(maker);
}
