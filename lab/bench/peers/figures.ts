/** What was measured, and the few statistics that are made of it. */

import type { Description, Weight } from "./process.ts";

/** The rounds of one operation of one peer. */
export interface Row {
  /** The peer's name, which is the same on each runtime. */
  readonly peer: string;
  /** The runtime and its version. */
  readonly runtime: string;
  readonly operation: string;
  /** How many variables were set. */
  readonly variables: number;
  /** The nanoseconds of one operation, in each round. */
  readonly rounds: number[];
}

/** The weight of a peer's contexts. */
export interface WeightRow extends Weight {
  /** What was weighed: "a context", or "a copy with one set". */
  readonly what: string;
  /** How many variables were set. */
  readonly variables: number;
  readonly peer: string;
  readonly runtime: string;
}

/** All that one run of the program has measured. */
export interface Figures {
  /** How many times the processes were started anew, and the rounds that counted in each. */
  readonly starts: number;
  readonly roundsOfStart: number;
  /** How many programs wanted a processor in the minute before. */
  readonly load: number;
  /** The packages of the peers, with their versions. */
  readonly packages: string[];
  /** Each peer on each runtime. */
  peers: Description[];
  readonly rows: Row[];
  readonly weights: WeightRow[];
}

/** Returns the row of an operation, if the peer has it. */
export function find(
  figures: Figures,
  peer: string,
  runtime: string,
  operation: string,
  variables: number,
): Row | undefined {
  return figures.rows.find((row) =>
    row.peer === peer && row.runtime.startsWith(runtime) && row.operation === operation &&
    row.variables === variables
  );
}

/** Returns the median of the ratios of two rows, round by round: what slowed one slowed the other. */
export function ratio(row: Row, other: Row): number {
  return median(row.rounds.map((nanoseconds, round) => nanoseconds / other.rounds[round]!));
}

/** Returns the middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
