/** A block in the making, and what its steps can refer to. */

import type { Random } from "../../tests/random.ts";

/** What steps put into registers. */
export type Register = "token" | "context" | "task" | "generator";

type Registers = Record<Register, number[]>;

/** What all blocks of a program share. */
export interface Made {
  readonly variables: number;
  /** By token, the variable that was set. */
  readonly variableOf: number[];
  readonly count: Record<Register, number>;
}

/** Where steps are made. */
export class BlockBuilder {
  readonly random: Random;
  /** How deep the block is in which the steps go. */
  readonly depth: number;
  /** Whether steps can wait here: not within `run`. */
  readonly waits: boolean;
  readonly #made: Made;
  /** The registers filled by steps that come before in this block, or in one around it. */
  readonly #near: Registers;
  #steps: number;

  constructor(
    random: Random,
    made: Made,
    steps: number,
    depth = 0,
    waits = true,
    near: Registers = { token: [], context: [], task: [], generator: [] },
  ) {
    this.random = random;
    this.#made = made;
    this.#steps = steps;
    this.depth = depth;
    this.waits = waits;
    this.#near = near;
  }

  /** Tells whether there is room for a step, and takes it. */
  take(): boolean {
    return this.#steps-- > 0;
  }

  /** Returns a builder for a block inside, which takes some of the steps of this one. */
  inside(waits: boolean): BlockBuilder {
    const steps = Math.min(this.#steps, 1 + this.random.below(10));
    this.#steps -= steps;
    const near = structuredClone(this.#near);
    return new BlockBuilder(this.random, this.#made, steps, this.depth + 1, waits, near);
  }

  /** Returns the number of any variable. */
  variable(): number {
    return this.random.below(this.#made.variables);
  }

  /** Returns a register that is still empty. */
  empty(register: Register): number {
    const number = this.#made.count[register]++;
    this.#near[register].push(number);
    return number;
  }

  /** Returns a register that is filled by now, mostly; else any. */
  filled(register: Register): number {
    const near = this.#near[register];
    if (near.length > 0 && this.random.chance(85)) return this.random.pick(near);
    return this.random.below(this.#made.count[register] + 1);
  }

  /** Returns an empty register for the token of a variable. */
  tokenFor(variable: number): number {
    const token = this.empty("token");
    this.#made.variableOf[token] = variable;
    return token;
  }

  /** Returns the variable of a token, mostly; else any. */
  variableOf(token: number): number {
    const variable = this.#made.variableOf[token];
    return variable !== undefined && this.random.chance(85) ? variable : this.variable();
  }
}
