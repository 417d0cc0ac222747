/** Tries every case and every leak in this runtime, one after the other, outside any task. */

import { type Case, isThere, notThere, type Result, tryCase } from "./attempt.ts";
import { ContextVar } from "@contextvars/contextvars";
import { inTime } from "../in_time.ts";
import { cases } from "./cases.ts";
import { type Leak, leaks } from "./leaks.ts";

/** A case, what came of it, and which sentences of docs/propagation.md it contradicts. */
export interface Entry extends Result {
  readonly kind: string;
  readonly name: string;
  readonly contradicts: readonly string[];
}

/** The kind of the entries that say of a leak whether it is there. */
export const LEAKS = "Leaks";

/**
 * Tries all one by one: some fire listeners that are the whole process's.
 *
 * @param limit In milliseconds: what takes longer is taken to be never called.
 */
export async function survey(limit: number): Promise<Entry[]> {
  const ofLeaks: Entry[] = [];
  for (const [name, leak] of Object.entries(leaks)) {
    ofLeaks.push({ kind: LEAKS, name, ...await tryLeak(leak, limit), contradicts: [] });
  }
  const ofCases: Entry[] = [];
  for (const [kind, casesOfKind] of Object.entries(cases)) {
    for (const [name, case_] of Object.entries(casesOfKind)) {
      const result = await tryCase(case_, { maker: "another", limit });
      const contradicts = isThere(result) ? await contradictions(case_, result, limit) : [];
      ofCases.push({ kind, name, ...result, contradicts });
    }
  }
  return [...ofCases, ...ofLeaks];
}

async function tryLeak(leak: Leak, limit: number): Promise<Result> {
  try {
    const mark = new ContextVar("mark", { default: false });
    const reached = await inTime(leak(mark), limit, "nothing comes of it");
    return { sees: reached ? "yes" : "no" };
  } catch (error) {
    return notThere(error);
  }
}

/** Tries a case in the other ways, and returns what is not as the page says of all cases. */
async function contradictions(
  case_: Case,
  { sees }: Result,
  limit: number,
): Promise<string[]> {
  const bound = await tryCase(case_, { maker: "another", bound: true, limit });
  const own = await tryCase(case_, { maker: "registrar", limit });
  const empty = await tryCase(case_, { maker: "empty", limit });
  const expected: readonly [string, Result, string][] = [
    ["a bound callback keeps its context", bound, "kept"],
    ["what is the creator's is kept where one task does both", own, instead(/creator's/, "kept")],
    ["an empty creator gives nothing", empty, instead(/(creator|server)'s/, "nothing")],
  ];
  return expected
    .filter(([, { sees: found }, wanted]) => found !== wanted)
    .map(([sentence, found]) => `${sentence}: ${found.sees} ${found.why ?? ""}`.trim());

  function instead(word: RegExp, other: string): string {
    const calls = sees.split(", then ").map((call) => call.replace(word, other));
    return [...new Set(calls)].join(", then ");
  }
}
