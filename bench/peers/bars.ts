/** The bars that this module has to clear: ratios to a peer, each within one run. */

import { type Figures, find, findWeight, ratio } from "./figures.ts";

/** A bar, and what was measured. */
export interface Bar {
  readonly what: string;
  readonly limit: number;
  /** Absent where the peer or the runtime was not there. */
  readonly measured: number | undefined;
}

const OURS = "contextvars";
const MUTABLE = "mutable Map";
const COPIED = "run(new Map)";
const CPYTHON = "CPython";

/** Holds what was measured against each bar. */
export function bars(figures: Figures): Bar[] {
  const to = (peer: string, operation: string, variables = 10, runtime = "Deno") => {
    const row = find(figures, OURS, runtime, operation, variables);
    const other = find(figures, peer, peer === CPYTHON ? CPYTHON : runtime, operation, variables);
    return row && other && ratio(row, other);
  };
  const copy = (variables: number) => find(figures, OURS, "Deno", "copy", variables)!;
  const weight = findWeight(figures, OURS, "Deno")!.live /
    findWeight(figures, COPIED, "Deno")!.live;
  return [
    { what: `get at 10, to ${MUTABLE}`, limit: 0.85, measured: to(MUTABLE, "get") },
    { what: `get at 10 000, to ${MUTABLE}`, limit: 1, measured: to(MUTABLE, "get", 10_000) },
    { what: `set at 10, to ${MUTABLE}`, limit: 1.6, measured: to(MUTABLE, "set") },
    { what: `set at 10 000, to ${MUTABLE}`, limit: 2, measured: to(MUTABLE, "set", 10_000) },
    { what: `set at 10, to ${CPYTHON}`, limit: 0.3, measured: to(CPYTHON, "set") },
    { what: `set + reset at 10, to ${MUTABLE}`, limit: 1.6, measured: to(MUTABLE, "set + reset") },
    { what: `copy at 10, to ${CPYTHON}`, limit: 0.8, measured: to(CPYTHON, "copy") },
    { what: "copy at 10 000, to copy at 10", limit: 1.15, measured: ratio(copy(10_000), copy(10)) },
    {
      what: `copy + enter + set at 10, to ${COPIED}`,
      limit: 0.75,
      measured: to(COPIED, "copy + enter + set"),
    },
    {
      what: `copy + enter + set at 1 000, to ${COPIED}`,
      limit: 0.04,
      measured: to(COPIED, "copy + enter + set", 1_000),
    },
    { what: `run, to ${MUTABLE}`, limit: 1.1, measured: to(MUTABLE, "run") },
    { what: `run, 10 deep, to ${MUTABLE}`, limit: 1.1, measured: to(MUTABLE, "run, 10 deep") },
    { what: `run, 100 deep, to ${MUTABLE}`, limit: 1.1, measured: to(MUTABLE, "run, 100 deep") },
    { what: `a task at 10, to ${COPIED}`, limit: 0.8, measured: to(COPIED, "task") },
    {
      what: `a task at 10, to ${COPIED}, on Node.js`,
      limit: 0.5,
      measured: to(COPIED, "task", 10, "Node.js"),
    },
    { what: `bytes of a copy with one set, to ${COPIED}`, limit: 0.5, measured: weight },
  ];
}
