/** The bars that this module has to clear: ratios to a peer, each within one run. */

import { fastestRatio, type Figures, find, findWeight, ratio, type Row } from "./figures.ts";

/** A bar, and what was measured. */
export interface Bar {
  readonly what: string;
  readonly limit: number;
  /** Absent where the peer or the runtime was not there. */
  readonly measured?: number | undefined;
  /** The ratio of the fastest rounds. */
  readonly fastest?: number | undefined;
}

const OURS = "contextvars";
const MUTABLE = "mutable Map";
const COPIED = "run(new Map)";
const CPYTHON = "CPython";

/** Holds what was measured against each bar. */
export function bars(figures: Figures): Bar[] {
  const deno = (peer: string, operation: string, variables = 10) =>
    find(figures, peer, peer === CPYTHON ? CPYTHON : "Deno", operation, variables);
  const bar = (limit: number, peer: string, operation: string, variables = 10): Bar => ({
    what: `${operation}${operation.startsWith("run") ? "" : ` at ${variables}`}, to ${peer}`,
    limit,
    ...compare(deno(OURS, operation, variables), deno(peer, operation, variables)),
  });
  return [
    bar(0.85, MUTABLE, "get"),
    bar(1, MUTABLE, "get", 10_000),
    bar(1.6, MUTABLE, "set"),
    bar(2, MUTABLE, "set", 10_000),
    bar(0.3, CPYTHON, "set"),
    bar(1.6, MUTABLE, "set + reset"),
    bar(0.8, CPYTHON, "copy"),
    {
      what: "copy at 10000, to copy at 10",
      limit: 1.15,
      ...compare(deno(OURS, "copy", 10_000), deno(OURS, "copy")),
    },
    bar(0.75, COPIED, "copy + enter + set"),
    bar(0.04, COPIED, "copy + enter + set", 1_000),
    bar(1.1, MUTABLE, "run"),
    bar(1.1, MUTABLE, "run, 10 deep"),
    bar(1.1, MUTABLE, "run, 100 deep"),
    bar(0.8, COPIED, "task"),
    {
      what: `task at 10, to ${COPIED}, on Node.js`,
      limit: 0.5,
      ...compare(
        find(figures, OURS, "Node.js", "task", 10),
        find(figures, COPIED, "Node.js", "task", 10),
      ),
    },
    {
      what: `bytes of a copy with one set, to ${COPIED}`,
      limit: 0.5,
      measured: findWeight(figures, OURS, "Deno")!.live /
        findWeight(figures, COPIED, "Deno")!.live,
    },
  ];
}

function compare(row: Row | undefined, other: Row | undefined): Pick<Bar, "measured" | "fastest"> {
  if (row === undefined || other === undefined) return {};
  return { measured: ratio(row, other), fastest: fastestRatio(row, other) };
}
