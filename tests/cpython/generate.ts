/**
 * Makes random programs; the same seed makes the same program.
 *
 * The weights are set so that each kind of step and each class of error comes up in every few
 * programs (`fuzz.ts` counts them), and that most steps succeed: what may raise is mostly caught.
 */

import type { Block, Program, Step, Value, Variable } from "./program.ts";

const VALUES: readonly Value[] = [null, true, false, 0, 1, 2, 3, -1.5, "", "a", "b"];

/** How deep blocks are in blocks. */
const DEEPEST = 6;

type Maker = (random: Random, registers: Registers, room: Room) => Step;

type WeightedMaker = readonly [weight: number, maker: Maker];

/** A block in the making. */
interface Room {
  /** How many steps may still be made. */
  steps: number;
  readonly depth: number;
  /** Whether steps can wait here: not within `run`. */
  readonly waits: boolean;
  /** The tokens and contexts of steps that come before in this block, or in one around it. */
  readonly tokens: number[];
  readonly contexts: number[];
}

/** What the steps made so far have put into registers. */
interface Registers {
  readonly variables: readonly Variable[];
  /** By token, the variable that was set. */
  readonly tokens: number[];
  contexts: number;
  tasks: number;
  generators: number;
}

/** A xorshift generator of 32 bits: enough for this, and the same on every machine. */
class Random {
  #state: number;

  constructor(seed: number) {
    // Neighbouring seeds would begin alike; and zero would stay zero.
    this.#state = (Math.imul(seed + 1, 0x9e3779b1) >>> 0) || 1;
    for (let i = 0; i < 4; i++) this.below(1);
  }

  /** Returns a whole number from 0 to `end`, without `end`. */
  below(end: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % end;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Returns one of the near registers, mostly; else any below `end`. */
  register(near: readonly number[], end: number): number {
    return near.length > 0 && this.chance(85) ? this.pick(near) : this.below(end + 1);
  }
}

const MAKERS: readonly WeightedMaker[] = [
  [20, makeSet],
  [14, (random, registers) => ({
    kind: "get",
    variable: anyVariable(random, registers),
    ...maybeFallback(random),
  })],
  [16, (random, registers, room) => {
    const token = random.register(room.tokens, registers.tokens.length);
    const variable = random.chance(85) ? registers.tokens[token] : undefined;
    return { kind: "reset", variable: variable ?? anyVariable(random, registers), token };
  }],
  [2, (random, registers, room) => ({
    kind: "showToken",
    token: random.register(room.tokens, registers.tokens.length),
  })],
  [1, (random, registers) => ({ kind: "showName", variable: anyVariable(random, registers) })],
  [5, (_, registers, room) => ({ kind: "copyContext", context: newContext(registers, room) })],
  [3, (_, registers, room) => ({ kind: "newContext", context: newContext(registers, room) })],
  [3, (random, registers, room) => ({
    kind: "copy",
    of: madeContext(random, registers, room),
    context: newContext(registers, room),
  })],
  [14, (random, registers, room) => ({
    kind: "run",
    context: madeContext(random, registers, room),
    block: makeBlock(random, registers, room, false),
  })],
  [4, (random, registers, room) => ({
    kind: "runBound",
    context: madeContext(random, registers, room),
    block: makeBlock(random, registers, room, false),
  })],
  [4, (random, registers, room) => ({
    kind: "runWith",
    variable: anyVariable(random, registers),
    value: random.pick(VALUES),
    block: makeBlock(random, registers, room, false),
  })],
  [3, (random, registers, room) => ({
    kind: "lookUp",
    context: anyContext(random, registers, room),
    variable: anyVariable(random, registers),
    ...maybeFallback(random),
  })],
  [3, (random, registers, room) => ({
    kind: random.chance(50) ? "item" : "has",
    context: anyContext(random, registers, room),
    variable: anyVariable(random, registers),
  })],
  [1, (random, registers, room) => ({
    kind: "size",
    context: anyContext(random, registers, room),
  })],
  [5, (random, registers, room) => ({
    kind: "items",
    context: anyContext(random, registers, room),
  })],
  [1, (random, registers, room) => ({
    kind: "wrongKey",
    context: anyContext(random, registers, room),
  })],
  [6, (random, registers, room) => ({
    kind: "task",
    task: registers.tasks++,
    block: makeBlock(random, registers, room),
  })],
  [6, (random, registers, room) => ({
    kind: "taskIn",
    task: registers.tasks++,
    context: madeContext(random, registers, room),
    block: makeBlock(random, registers, room),
  })],
  [1, () => ({ kind: "raise" })],
  [3, (random, registers, room) => ({
    kind: "catch",
    block: makeBlock(random, registers, room, room.waits),
  })],
  [4, (random, registers, room) => ({
    kind: "generator",
    generator: registers.generators++,
    blocks: makeBlocks(random, registers, room),
    last: makeBlock(random, registers, room, false),
  })],
];

const WAITING_MAKERS: readonly WeightedMaker[] = [
  [4, (random, registers) => ({ kind: "join", task: random.below(registers.tasks || 1) })],
  [4, (random, registers, room) => ({
    kind: "gather",
    settled: random.chance(50),
    blocks: makeBlocks(random, registers, room),
  })],
  [6, (random, registers, room) => ({
    kind: "helper",
    block: makeBlock(random, registers, room),
  })],
  [14, () => ({ kind: "wait" })],
  [9, (random, registers) => ({
    kind: "next",
    generator: random.below(registers.generators || 1),
  })],
  [2, (random, registers) => ({
    kind: "close",
    generator: random.below(registers.generators || 1),
  })],
];

const MAKERS_AT_ONCE = MAKERS.flatMap(repeat);
const ALL_MAKERS = [...MAKERS_AT_ONCE, ...WAITING_MAKERS.flatMap(repeat)];

/** What every program begins with, so that what follows finds something. */
const FIRST: readonly Maker[] = [
  makeSet,
  (_, registers, room) => ({ kind: "copyContext", context: newContext(registers, room) }),
  (_, registers, room) => ({ kind: "newContext", context: newContext(registers, room) }),
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
  const variables = Array.from({ length: 1 + random.below(4) }, () => ({
    name: random.pick(["a", "b", "c"]),
    ...(random.chance(40) && { default: random.pick(VALUES) }),
  }));
  const registers = { variables, tokens: [], contexts: 0, tasks: 0, generators: 0 };
  const room = { steps: 10 + random.below(80), depth: 0, waits: true, tokens: [], contexts: [] };
  const block = FIRST.map((make) => make(random, registers, room));
  fill(block, random, registers, room);
  const schedule = Array.from({ length: random.below(60) }, () => random.below(12));
  return { variables, block, schedule };
}

/** Makes a block within a step, out of some of the steps that the block around it may have. */
function makeBlock(random: Random, registers: Registers, around: Room, waits = true): Block {
  const steps = Math.min(around.steps, 1 + random.below(10));
  around.steps -= steps;
  const block: Step[] = [];
  fill(block, random, registers, {
    steps,
    depth: around.depth + 1,
    waits,
    tokens: [...around.tokens],
    contexts: [...around.contexts],
  });
  return block;
}

function fill(block: Step[], random: Random, registers: Registers, room: Room): void {
  while (room.steps-- > 0) {
    const makers = room.waits || random.chance(5) ? ALL_MAKERS : MAKERS_AT_ONCE;
    const make = room.depth < DEEPEST ? random.pick(makers) : makeSet;
    const step = make(random, registers, room);
    const caught = MAY_RAISE.includes(step.kind) && random.chance(85);
    block.push(caught ? { kind: "catch", block: [step] } : step);
  }
}

function makeBlocks(random: Random, registers: Registers, room: Room): readonly Block[] {
  return Array.from({ length: 1 + random.below(3) }, () => makeBlock(random, registers, room));
}

function repeat([weight, maker]: WeightedMaker): Maker[] {
  return Array(weight).fill(maker);
}

function anyVariable(random: Random, registers: Registers): number {
  return random.below(registers.variables.length);
}

function makeSet(random: Random, registers: Registers, room: Room): Step {
  const variable = anyVariable(random, registers);
  const token = registers.tokens.push(variable) - 1;
  room.tokens.push(token);
  return { kind: "set", variable, value: random.pick(VALUES), token };
}

function newContext(registers: Registers, room: Room): number {
  room.contexts.push(registers.contexts);
  return registers.contexts++;
}

function madeContext(random: Random, registers: Registers, room: Room): number {
  return random.register(room.contexts, registers.contexts);
}

/** Returns a context's register, or null: the current context. */
function anyContext(random: Random, registers: Registers, room: Room): number | null {
  return random.chance(30) ? null : madeContext(random, registers, room);
}

function maybeFallback(random: Random): { fallback?: Value } {
  return random.chance(30) ? { fallback: random.pick(VALUES) } : {};
}
