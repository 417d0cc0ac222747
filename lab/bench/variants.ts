/** The runtimes, each with the programs as they are or bundled: how to start one there. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deno } from "../../tests/command.ts";
import { installRuntimes, type RuntimeTitle } from "../runtimes/install.ts";

/** The folder of the programs. */
const PROGRAMS = fileURLToPath(import.meta.resolve("./programs"));
/** The programs that run on every runtime. */
const BUNDLED = ["request", "operations"];

/** A way to run the programs. */
export interface Variant {
  /** The runtime and its version, and whether the programs are bundled. */
  readonly name: string;
  /** Returns the command that runs a program. */
  command(program: string, ...args: readonly (string | number)[]): string[];
}

/** Bundles the programs by `deno bundle`, which is esbuild, into a folder. */
export async function bundle(folder: string): Promise<void> {
  for (const program of BUNDLED) {
    const output = `--output=${join(folder, `${program}.mjs`)}`;
    await deno(["bundle", "--quiet", output, join(PROGRAMS, `${program}.ts`)]);
  }
}

/** Returns a variant for each title that can be had here. */
export async function variants(
  titles: readonly RuntimeTitle[],
  folder: string = PROGRAMS,
  extension: "ts" | "mjs" = "ts",
): Promise<Variant[]> {
  const { available, skipped } = await installRuntimes(titles);
  for (const { name, why } of skipped) console.log(`skipped: ${name}: ${why}`);
  return available.map(({ name, version, command }) => {
    const flags = { "Deno": ["--v8-flags=--expose-gc"], "Node.js": ["--expose-gc"] }[name] ?? [];
    return {
      name: `${name} ${version}${extension === "ts" ? "" : ", bundled"}`,
      command: (program, ...args) => [
        ...command,
        ...flags,
        join(folder, `${program}.${extension}`),
        ...args.map(String),
      ],
    };
  });
}

/** Returns the command that runs CPython's program. */
export function cpython(what: string, number: number, ...operations: string[]): string[] {
  return ["python3", join(PROGRAMS, "cpython.py"), what, String(number), ...operations];
}
