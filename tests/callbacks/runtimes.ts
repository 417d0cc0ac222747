/** Runs the survey on other runtimes, and on this Deno. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deno } from "../command.ts";
import type { Runtime } from "../runtimes/install.ts";
import type { Entry } from "./survey.ts";

/** What the survey has found on one runtime. */
export interface Column {
  /** The runtime's name; of Node.js, with the major version. */
  readonly title: string;
  readonly version: string;
  readonly entries: readonly Entry[];
}

/** Runs the survey on all runtimes at the same time. */
export async function surveyAll(runtimes: readonly Runtime[]): Promise<Column[]> {
  const folder = await Deno.makeTempDir();
  try {
    await bundle("main.ts", join(folder, "main.mjs"));
    await bundle("worker.ts", join(folder, "worker.mjs"), "--platform=browser");
    await Deno.copyFile(pathOf("workerd.capnp"), join(folder, "workerd.capnp"));
    return await Promise.all(runtimes.map(async (runtime) => ({
      title: titleOf(runtime),
      version: runtime.version,
      entries: await entriesOf(commandOn(runtime, folder)),
    })));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs the survey on this Deno. */
export function surveyHere(): Promise<Entry[]> {
  return entriesOf(onDeno(Deno.execPath()));
}

function onDeno(program: string): string[] {
  return [program, "run", "-A", "--v8-flags=--expose-gc", pathOf("main.ts")];
}

function commandOn({ name, command }: Runtime, folder: string): string[] {
  switch (name) {
    case "Deno":
      return onDeno(command[0]!);
    case "Node.js":
      return [...command, "--expose-gc", join(folder, "main.mjs")];
    case "workerd":
      return [...command, "test", join(folder, "workerd.capnp")];
    default:
      return [...command, join(folder, "main.mjs")];
  }
}

/** Makes one file of a program and all that it imports. */
async function bundle(program: string, target: string, ...options: string[]): Promise<void> {
  const flags = ["--quiet", "--external", "node:*", "--output", target, ...options];
  await deno(["bundle", ...flags, pathOf(program)]);
}

/** Runs a command that prints the survey's entries. */
async function entriesOf([program, ...args]: string[]): Promise<Entry[]> {
  const { stdout, stderr } = await new Deno.Command(program!, { args }).output();
  const printed = new TextDecoder().decode(stdout);
  // Not by the exit code: an error that a case throws for a listener fails a runtime without one.
  try {
    return JSON.parse(printed);
  } catch (cause) {
    const complaint = new TextDecoder().decode(stderr);
    throw new Error(`${program} printed no survey: ${printed}${complaint}`, { cause });
  }
}

function titleOf({ name, version }: Runtime): string {
  return name === "Node.js" ? `${name} ${version.split(".")[0]}` : name;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
