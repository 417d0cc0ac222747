/** Reports: what they say, and who gets them. */

import type { ContextVar } from "../../context_var.ts";
import { Site } from "./site.ts";
import type { Step } from "./step.ts";
import type { Task } from "./task.ts";
import type { Variable } from "./writes.ts";

/** What debug mode has found. */
export interface Report {
  /**
   * `race`: code read or reset what concurrent code of the same task had left. `outside`: a `set`
   * outside any task, or a value of a `defaultFactory` that was stored there. `copy`: the program
   * uses another copy of the library, which this debug mode does not see.
   */
  readonly kind: "race" | "outside" | "copy";
  /** The variable; `undefined` for `copy`. */
  readonly variable: ContextVar<unknown> | undefined;
  /** What happened, where, and what to do: several lines, whose wording may change. */
  readonly text: string;
}

let handle = (report: Report): void => console.warn(report.text);
const reported = new Set<string>();

/**
 * Hands each report to a function, in place of `console.warn`. It gets each place once.
 *
 * What the function throws is thrown where the code read or set the variable; a `set` has then
 * changed nothing. So a test can fail on a race.
 *
 * @example Let a test fail on a race
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { ContextVar, createTask } from "@contextvars/contextvars";
 * import { onReport } from "@contextvars/contextvars/debug";
 *
 * onReport(({ text }) => {
 *   throw new Error(text);
 * });
 *
 * const user = new ContextVar<string>("user");
 *
 * async function greet(name: string): Promise<string> {
 *   user.set(name);
 *   await Promise.resolve();
 *   return `hello, ${user.get()}`;
 * }
 *
 * const both = () => Promise.all([greet("alice"), greet("bob")]);
 * await assertRejects(() => createTask(both), Error, "race");
 * ```
 */
export function onReport(handler: (report: Report) => void): void {
  handle = handler;
  reported.clear();
}

/** Reports that code found what `writer` left, in place of the write that it `expected`. */
export function reportRace(
  variable: Variable,
  verb: "reads" | "resets",
  writer: Step,
  expected: Step,
  { id, start }: Task,
): void {
  const site = new Site();
  const keep = "Reset a value only after the calls that need it: return await fn(). ";
  report(
    "race",
    variable,
    `${verb} ${site} ${writer.site}`,
    `a race on ${variable} in task #${id}.`,
    `This code ${verb} what concurrent code of the same task has left there:${site.lines}`,
    `The concurrent code ${writer.kind} it ${writer.ago}:${writer.site.lines}`,
    `This code expects what was ${expected.kind} ${expected.ago}:${expected.site.lines}`,
    `Task #${id} was started ${start.ago}:${start.site.lines}`,
    `${
      writer.kind === "reset" ? keep : ""
    }Start each concurrent call with createTask(fn, ...args)` +
      `, so that it has a context of its own. If they share the variable on purpose, set it to an ` +
      `object once, and change the object.`,
  );
}

/** Reports that a value was stored outside any task. */
export function reportOutside(variable: Variable, verb: "is set" | "stores its default"): void {
  const site = new Site();
  report(
    "outside",
    variable,
    `${site}`,
    `${variable} ${verb} outside any task.${site.lines}`,
    `The code that follows keeps the value; in a server, that may be the next request. Bind the ` +
      `handler, copyContext().bind(handler), or start a task with createTask(fn).`,
  );
}

/** Reports that the program uses a copy of the library that debug mode does not see. */
export function reportCopy(): void {
  report(
    "copy",
    undefined,
    "copy",
    `debug mode does not see this task.${new Site().lines}`,
    `The program uses another copy or version of the library than ${import.meta.url}. Import ` +
      `debug mode from the same package, in the same version, as the library.`,
  );
}

function report(
  kind: Report["kind"],
  variable: Variable | undefined,
  place: string,
  ...lines: string[]
): void {
  if (reported.has(place)) return;
  handle({ kind, variable, text: `contextvars: ${lines.join("\n  ")}` });
  reported.add(place);
}
