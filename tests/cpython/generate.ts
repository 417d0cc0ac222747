/**
 * Makes random programs; the same seed makes the same program.
 *
 * The weights are set so that every kind of step and class of error comes up again and again
 * (`fuzz.ts` counts them), and that most steps succeed: what may raise is mostly caught.
 */

import type { Block, Program, Step, Value } from "./program.ts";
import { Random } from "../random.ts";
import { type Made, Room } from "./room.ts";

type Maker = (room: Room) => Step;

type WeightedMaker = readonly [weight: number, maker: Maker];

const VALUES: readonly Value[] = [null, true, false, 0, 1, 2, 3, -1.5, "", "a", "b"];

/** How deep blocks are in blocks. */
const DEEPEST = 6;

const VARIABLE_STEPS: readonly WeightedMaker[] = [
  [20, makeSet],
  [14, (room) => ({ kind: "get", variable: room.variable(), ...maybeFallback(room) })],
  [16, (room) => {
    const token = room.filled("token");
    return { kind: "reset", variable: room.variableOf(token), token };
  }],
  [2, (room) => ({ kind: "showToken", token: room.filled("token") })],
  [1, (room) => ({ kind: "showName", variable: room.variable() })],
];

const CONTEXT_STEPS: readonly WeightedMaker[] = [
  [5, (room) => ({ kind: "copyContext", context: room.empty("context") })],
  [3, (room) => ({ kind: "newContext", context: room.empty("context") })],
  [3, (room) => ({
    kind: "copy",
    of: room.filled("context"),
    context: room.empty("context"),
  })],
  [14, (room) => ({
    kind: "run",
    context: room.filled("context"),
    block: makeBlock(room, false),
  })],
  [4, (room) => ({
    kind: "runBound",
    context: room.filled("context"),
    block: makeBlock(room, false),
  })],
  [4, (room) => ({
    kind: "runWith",
    variable: room.variable(),
    value: room.random.pick(VALUES),
    block: makeBlock(room, false),
  })],
];

const MAPPING_STEPS: readonly WeightedMaker[] = [
  [3, (room) => ({
    kind: "lookUp",
    context: anyContext(room),
    variable: room.variable(),
    ...maybeFallback(room),
  })],
  [2, (room) => ({ kind: "item", context: anyContext(room), variable: room.variable() })],
  [2, (room) => ({ kind: "has", context: anyContext(room), variable: room.variable() })],
  [1, (room) => ({ kind: "size", context: anyContext(room) })],
  [5, (room) => ({ kind: "items", context: anyContext(room) })],
  [3, (room) => ({ kind: "equals", context: anyContext(room), other: room.filled("context") })],
  [1, (room) => ({ kind: "wrongKey", context: anyContext(room) })],
];

const CONTROL_STEPS: readonly WeightedMaker[] = [
  [6, (room) => ({ kind: "task", task: room.empty("task"), block: makeBlock(room, true) })],
  [6, (room) => ({
    kind: "taskIn",
    task: room.empty("task"),
    context: room.filled("context"),
    block: makeBlock(room, true),
  })],
  [4, (room) => ({
    kind: "generator",
    generator: room.empty("generator"),
    blocks: makeBlocks(room),
    last: makeBlock(room, false),
  })],
  [1, () => ({ kind: "raise" })],
  [3, (room) => ({ kind: "catch", block: makeBlock(room, room.waits) })],
];

const WAITING_STEPS: readonly WeightedMaker[] = [
  [14, () => ({ kind: "wait" })],
  [6, (room) => ({ kind: "helper", block: makeBlock(room, true) })],
  [4, (room) => ({ kind: "join", task: room.filled("task") })],
  [4, (room) => ({ kind: "gather", settled: room.random.chance(50), blocks: makeBlocks(room) })],
  [9, (room) => ({ kind: "next", generator: room.filled("generator") })],
  [2, (room) => ({ kind: "close", generator: room.filled("generator") })],
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
  (room) => ({ kind: "copyContext", context: room.empty("context") }),
  (room) => ({ kind: "newContext", context: room.empty("context") }),
  (room) => ({
    kind: "generator",
    generator: room.empty("generator"),
    blocks: makeBlocks(room),
    last: makeBlock(room, false),
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
  const room = new Room(random, made, 10 + random.below(80));
  const block = [...FIRST_STEPS.map((make) => make(room)), ...fill(room)];
  const schedule = Array.from({ length: random.below(60) }, () => random.below(12));
  return { variables, offset: makeOffset(random, count), block, schedule };
}

/** Returns an offset by which variables lie across a border of the map: of a leaf, or a branch. */
function makeOffset(random: Random, variables: number): number {
  const border = random.pick([0, 32, 32 * random.below(32), 32 ** 2]);
  return Math.max(0, border - random.below(variables + 1));
}

function makeBlock(room: Room, waits: boolean): Block {
  return fill(room.inside(waits));
}

function makeBlocks(room: Room): readonly Block[] {
  return Array.from({ length: 1 + room.random.below(3) }, () => makeBlock(room, true));
}

function fill(room: Room): Block {
  const block: Step[] = [];
  while (room.take()) {
    const step = makeStep(room);
    const caught = MAY_RAISE.includes(step.kind) && room.random.chance(85);
    block.push(caught ? { kind: "catch", block: [step] } : step);
  }
  return block;
}

function makeStep(room: Room): Step {
  if (room.depth === DEEPEST) return makeSet(room);
  const makers = room.waits || room.random.chance(5) ? ALL_STEPS : STEPS_AT_ONCE;
  return room.random.pick(makers)(room);
}

function makeSet(room: Room): Step {
  const variable = room.variable();
  const token = room.tokenFor(variable);
  return { kind: "set", variable, value: room.random.pick(VALUES), token };
}

/** Returns a context's register, or null: a copy of the current one. */
function anyContext(room: Room): number | null {
  return room.random.chance(30) ? null : room.filled("context");
}

function maybeFallback(room: Room): { fallback?: Value } {
  return room.random.chance(30) ? { fallback: room.random.pick(VALUES) } : {};
}

function repeat([weight, maker]: WeightedMaker): Maker[] {
  return Array(weight).fill(maker);
}
