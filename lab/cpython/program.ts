/**
 * The language of the random programs that this module and CPython both run: a tree of steps that
 * JSON can carry.
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

/** One step of a program. */
export type Step = VariableStep | ContextStep | MappingStep | TaskStep | ControlStep;

type VariableStep =
  | { kind: "set"; variable: number; value: Value; token: number }
  | { kind: "get"; variable: number; fallback?: Value }
  | { kind: "reset"; variable: number; token: number }
  | { kind: "showToken"; token: number }
  | { kind: "showName"; variable: number };

type ContextStep =
  | { kind: "copyContext"; context: number }
  | { kind: "newContext"; context: number }
  | { kind: "copy"; of: number; context: number }
  | { kind: "run"; context: number; block: Block }
  /** `Context.bind`, and one call of the bound function. */
  | { kind: "runBound"; context: number; block: Block }
  /** `ContextVar.run`. */
  | { kind: "runWith"; variable: number; value: Value; block: Block };

/** Where `context` is null, a copy of the current one is looked at. */
type MappingStep =
  | { kind: "lookUp"; context: number | null; variable: number; fallback?: Value }
  | { kind: "item"; context: number | null; variable: number }
  | { kind: "has"; context: number | null; variable: number }
  | { kind: "size"; context: number | null }
  | { kind: "items"; context: number | null }
  | { kind: "equals"; context: number | null; other: number }
  | { kind: "wrongKey"; context: number | null };

type TaskStep =
  | { kind: "task"; task: number; block: Block }
  | { kind: "taskIn"; task: number; context: number; block: Block }
  | { kind: "join"; task: number }
  | { kind: "gather"; settled: boolean; blocks: readonly Block[] }
  /** An async function that is awaited. */
  | { kind: "helper"; block: Block }
  /** Lets other tasks go on. */
  | { kind: "wait" };

type ControlStep =
  | { kind: "raise" }
  | { kind: "catch"; block: Block }
  /** An async generator that does one block for each `next`, and `last` when it ends. */
  | { kind: "generator"; generator: number; blocks: readonly Block[]; last: Block }
  | { kind: "next"; generator: number }
  | { kind: "close"; generator: number };

/** Returns the blocks inside a step. */
export function blocksOf(step: Step): readonly Block[] {
  const blocks = "block" in step ? [step.block] : "blocks" in step ? [...step.blocks] : [];
  if ("last" in step) blocks.push(step.last);
  return blocks;
}
