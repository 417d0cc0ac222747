/** The two sides of a comparison have in common what a program does that never ends. */

import type { Program } from "./program.ts";

/** Runs programs, one at a time. */
export interface Interpreter {
  /** Runs a program, and returns its trace; one that did not end has `DID_NOT_END` last. */
  trace(program: Program): Promise<readonly string[]>;
}

/** How the last line of a trace begins whose program did not end. */
export const DID_NOT_END = "did not end";

/** In milliseconds; a program takes one or two, and the machine may be busy. */
export const LONGEST = 60_000;
