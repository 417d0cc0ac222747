/** Runs the survey on other runtimes, and on this Deno. */

import { fileURLToPath } from "node:url";
import { deno, run } from "../../tests/command.ts";
import type { Runtime } from "../runtimes/install.ts";
import { TemporaryFolder } from "../../tests/temporary_folder.ts";
import type { Entry } from "./survey.ts";

/** What the survey has found on one runtime. */
export interface Column {
  readonly title: string;
  readonly version: string;
  readonly entries: readonly Entry[];
}

const DENO_FLAGS = ["--v8-flags=--expose-gc", "--unstable-kv"];

/** Runs the survey on all runtimes at the same time. */
export async function surveyAll(runtimes: readonly Runtime[]): Promise<Column[]> {
  using folder = new TemporaryFolder();
  await bundle("main.ts", folder.file("main.mjs"));
  await bundle("worker.ts", folder.file("worker.mjs"), "--platform=browser");
  await Deno.copyFile(pathOf("workerd.capnp"), folder.file("workerd.capnp"));
  return await Promise.all(runtimes.map(async ({ name, title, version, command }) => ({
    title,
    version,
    entries: await entriesOf([...command, ...argumentsFor(name, folder)]),
  })));
}

/** Runs the survey on this Deno. */
export function surveyHere(): Promise<Entry[]> {
  return entriesOf([Deno.execPath(), "run", "-A", ...DENO_FLAGS, pathOf("main.ts")]);
}

function argumentsFor(name: string, folder: TemporaryFolder): string[] {
  switch (name) {
    case "Deno":
      return [...DENO_FLAGS, folder.file("main.mjs")];
    case "Node.js":
      return ["--expose-gc", "--experimental-eventsource", folder.file("main.mjs")];
    case "workerd":
      return ["test", folder.file("workerd.capnp")];
    default:
      return [folder.file("main.mjs")];
  }
}

/** Makes one file of a program and all that it imports. */
async function bundle(program: string, target: string, ...options: string[]): Promise<void> {
  const flags = ["--quiet", "--external", "node:*", "--output", target, ...options];
  await deno(["bundle", ...flags, pathOf(program)]);
}

/** Runs a command that prints the survey's entries. */
async function entriesOf(command: readonly string[]): Promise<Entry[]> {
  const { stdout, stderr } = await run(command);
  // Not by the exit code: an error that a case throws for a listener fails a runtime without one.
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`${command.join(" ")} printed no survey: ${stdout}${stderr}`, { cause });
  }
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
