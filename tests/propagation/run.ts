/** Runs the survey in a runtime of its own, and reads its report. */

import type { Entry } from "./survey.ts";

/** Returns the command that runs the survey on a Deno. */
export function onDeno(deno: string): string[] {
  const program = new URL("propagation.ts", import.meta.url).href;
  return [deno, "run", "-A", "--v8-flags=--expose-gc", program];
}

/** Runs a command that prints the survey's report, and returns the report. */
export async function report([program, ...args]: string[]): Promise<Entry[]> {
  const output = await new Deno.Command(program!, { args }).output();
  const [stdout, stderr] = [output.stdout, output.stderr].map((it) => new TextDecoder().decode(it));
  // Not by the exit code: an error that a door throws for a listener fails a runtime without one.
  try {
    return JSON.parse(stdout!);
  } catch (cause) {
    throw new Error(`${program} printed no report: ${stdout}${stderr}`, { cause });
  }
}

/** Returns the doors that are there, and did not keep the context although the callback was bound. */
export function lostWhenBound(entries: readonly Entry[]): Entry[] {
  return entries.filter(({ plain, bound }) =>
    plain.outcome !== "not there" && bound.outcome !== "kept"
  );
}
