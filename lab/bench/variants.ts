/** The runtimes, each with the programs as they are or bundled: how to start one there. */

import { join } from "node:path";
import { installRuntimes, type RuntimeTitle } from "../runtimes/install.ts";

/** The folder of the programs. */
export const PROGRAMS: string = join(import.meta.dirname!, "programs");

/** A way to run the programs. */
export interface Variant {
  /** The runtime and its version, and whether the programs are bundled. */
  readonly name: string;
  /** Returns the command that measures a subject; "Map again" is the Map. */
  command(subject: string, question: string, ...args: readonly (string | number)[]): string[];
}

/** Returns a variant for each title that can be had here. */
export async function variants(
  titles: readonly RuntimeTitle[],
  main: string = join(PROGRAMS, "main.ts"),
): Promise<Variant[]> {
  return (await installRuntimes(titles)).map(({ name, version, command }) => {
    const flags = { "Deno": ["--v8-flags=--expose-gc"], "Node.js": ["--expose-gc"] }[name] ?? [];
    return {
      name: `${name} ${version}${main.endsWith(".ts") ? "" : ", bundled"}`,
      command(subject, ...args) {
        const program = subject === "CPython"
          ? ["python3", join(PROGRAMS, "cpython.py")]
          : [...command, ...flags, main, subject.replace(" again", "")];
        return [...program, ...args.map(String)];
      },
    };
  });
}
