/**
 * The language of the random programs that this module and CPython both run: a tree of steps that
 * JSON can carry. generate.ts lists the kinds of steps with what each takes.
 *
 * What always holds: every tree is a program, whichever steps are cut out of it, so that shrinking
 * needs no care. A number names a variable, token, context, task or generator: it counts back from
 * the one made last; null is a copy of the current context. Where none was made, the step says so,
 * and does nothing. So does what waits inside `run`, where nothing can wait in Python.
 */

/** A program: its variables, what its main task does, and who goes on whenever a task waits. */
export interface Program {
  readonly variables: readonly { readonly name: string; readonly default?: unknown }[];
  /** Shifts the variables in the map, so that they lie across a border of its leaves; to 1024. */
  readonly offset: number;
  readonly block: Block;
  /** Each number, taken modulo the number of tasks that can go on, picks one; then the first. */
  readonly schedule: readonly number[];
}

/** Steps that follow one another. */
export type Block = readonly Step[];

/** One step: its kind, and what it takes. */
export interface Step {
  readonly kind: string;
  readonly [operand: string]: unknown;
  /** One block, cut in pieces where they make a difference: for a gather and a generator. */
  readonly blocks?: readonly Block[];
}

/** A step that has ended: the number of its task, the step without its blocks, what came of it. */
export type Entry = Step & { by?: number; gave?: unknown; raised?: string };

/** The last entry of a program that did not end. */
export const DID_NOT_END: Entry = { kind: "did not end" };
