/**
 * Which step wrote each value of a frame.
 *
 * The steps are in the frame itself, under one hidden key: so each copy of the frame knows where its
 * values come from.
 */

import { ContextVar } from "../../context_var.ts";
import { type Frame, numberOf } from "../core.ts";
import { ABSENT, type Absent, PersistentMap } from "../persistent_map.ts";
import type { Step } from "./step.ts";

/** A variable of any type. */
export type Variable = ContextVar<unknown>;

/** The hidden key. */
export const WRITES: Variable = new ContextVar<unknown>("writes");

/** The newest write of each variable in any frame; it may have left that one with nothing. */
export const newestWrites: WeakMap<Variable, Step> = new WeakMap();

const NUMBER = numberOf(WRITES);
const NONE = new PersistentMap<Variable, Step>();

/** Returns the step that wrote what a frame has, or `undefined` where it has nothing. */
export function writeOf(frame: Frame, variable: Variable): Step | undefined {
  const write = writesOf(frame).get(numberOf(variable));
  return write === ABSENT ? undefined : write;
}

/** Remembers the step that wrote a value to a frame, or that took it away. */
export function remember(frame: Frame, variable: Variable, step: Step): void {
  const writes = new PersistentMap(writesOf(frame));
  // A reset to nothing leaves nothing: in a long task, short-lived variables would pile up.
  if (step.origin === undefined) writes.delete(numberOf(variable));
  else writes.set(numberOf(variable), variable, step);
  frame.set(NUMBER, WRITES, writes);
  newestWrites.set(variable, step);
}

function writesOf(frame: Frame): PersistentMap<Variable, Step> {
  const writes = frame.get(NUMBER) as PersistentMap<Variable, Step> | Absent;
  return writes === ABSENT ? NONE : writes;
}
