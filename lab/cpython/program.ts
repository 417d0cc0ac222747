/**
 * The language of the random programs that this module and CPython both run: a tree of steps that
 * JSON can carry. generate.ts lists the kinds of steps with what each takes.
 *
 * What always holds: every tree is a program, whichever steps are cut out of it, so that shrinking
 * needs no care. Variables, tokens, contexts, tasks and generators are registers, named by numbers;
 * a step that reads a register that is still empty says so in the trace. What waits does nothing
 * but say so inside `run`, where nothing can wait in Python.
 */

/** A program: its variables, what its main task does, and who goes on whenever a task waits. */
export interface Program {
  /** At least one; a step means the one with its number, modulo how many there are. */
  readonly variables: readonly Variable[];
  /** Shifts the variables in the map, so that they lie across the borders of its leaves; to 1024. */
  readonly offset: number;
  readonly block: Block;
  /** Each number, taken modulo the number of tasks that can go on, picks one; then the first. */
  readonly schedule: readonly number[];
}

/** A variable to make; without a default where it has no such property. */
export interface Variable {
  readonly name: string;
  readonly default?: Value;
}

/** What variables are set to: what prints as the same JSON in both languages. */
export type Value = number | string | boolean | null;

/** Steps that follow one another. */
export type Block = readonly Step[];

/** What a step may take; each kind has its own, and no others. */
export interface Operands {
  readonly variable: number;
  readonly value: Value;
  readonly fallback?: Value;
  readonly token: number;
  /** The context to work with; null means a copy of the current one. */
  readonly context: number | null;
  /** A second context, or the register for a new one. */
  readonly other: number;
  readonly task: number;
  readonly generator: number;
  readonly settled: boolean;
  /** One block, cut in pieces where they make a difference: for a gather and a generator. */
  readonly blocks: readonly Block[];
}

/** One step of a program. */
export type Step = { readonly kind: string } & Partial<Operands>;
