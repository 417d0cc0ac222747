/**
 * Runs the conformance program on all runtimes, against the package as npm's users get it: packed
 * by `deno pack`, and installed by npm into an empty project.
 *
 *     deno task runtimes
 *
 * Prints each failure, and a table; fails where a check failed. A runtime that cannot be had is
 * named as skipped.
 */

import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { installRuntimes, type Runtime } from "./install.ts";

const PACKAGE = "@contextvars/contextvars";
const NPM = "npm:npm@11";
const TIME_LIMIT = 60_000;

/** A line of the table. */
type Row = readonly [runtime: string, version: string, passed: string, failed: string];

const { available, skipped } = await installRuntimes();
const project = await Deno.makeTempDir({ prefix: "contextvars-runtimes-" });
try {
  await makeProject();
  const rows: Row[] = [];
  for (const runtime of available) rows.push(await rowOf(runtime));
  printTable([["runtime", "version", "passed", "failed"], ...rows]);
  for (const { name, why } of skipped) console.log(`${name} skipped: ${why}`);
  process.exitCode = rows.every(([, , , failed]) => failed === "0") ? 0 : 1;
} finally {
  await Deno.remove(project, { recursive: true });
}

/** Installs the package in the project, and puts the two programs there. */
async function makeProject(): Promise<void> {
  await Deno.writeTextFile(join(project, "package.json"), '{ "private": true }');
  await Deno.copyFile(here("worker.capnp"), join(project, "worker.capnp"));
  const tarball = join(project, "package.tgz");
  await deno(["pack", "--quiet", "--allow-dirty", "--output", tarball], here("../.."));
  await deno(
    ["run", "-A", NPM, "install", "--no-audit", "--no-fund", "--cache=npm-cache", tarball],
    project,
  );
  await bundle(here("main.ts"), "main.mjs", `--external=${PACKAGE}`);
  await bundle(here("worker.ts"), "imports.mjs", `--external=${PACKAGE}`);
  // A second time, in the project: as Wrangler does, with the package from node_modules.
  await bundle(join(project, "imports.mjs"), "worker.mjs");
}

async function bundle(source: string, target: string, ...options: string[]): Promise<void> {
  await deno(["bundle", "--quiet", "--output", target, ...options, source], project);
}

async function deno(args: string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd }).output();
  if (!success) throw new Error(`deno ${args.join(" ")}\n${new TextDecoder().decode(stderr)}`);
}

/** Runs the program on a runtime; prints what it says besides its counts. */
async function rowOf(runtime: Runtime): Promise<Row> {
  const lines = (await outputOn(runtime)).trimEnd().split("\n");
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1)!) ?? [];
  const complaints = failed === undefined ? lines : lines.slice(0, -1);
  for (const line of complaints) console.log(`${runtime.name} ${runtime.version}: ${line}`);
  return [runtime.name, runtime.version, passed ?? "-", failed ?? "-"];
}

/** Returns what the program prints, or how it broke. */
async function outputOn(runtime: Runtime): Promise<string> {
  try {
    return await (runtime.name === "workerd" ? askWorker(runtime) : runProgram(runtime));
  } catch (error) {
    return String(error);
  }
}

async function runProgram({ command: [program, ...args] }: Runtime): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program!, {
    args: [...args, "main.mjs"],
    cwd: project,
    signal: AbortSignal.timeout(TIME_LIMIT),
  }).output();
  const text = new TextDecoder().decode(stdout);
  // A program whose promise never settles ends in the middle, with nothing printed.
  return text === "" ? `${new TextDecoder().decode(stderr)}exit code ${code}` : text;
}

async function askWorker({ command: [program] }: Runtime): Promise<string> {
  const signal = AbortSignal.timeout(TIME_LIMIT);
  await using server = new Deno.Command(program!, {
    args: ["serve", "worker.capnp", "--control-fd=1"],
    cwd: project,
    stdout: "piped",
    stderr: "inherit",
    signal,
  }).spawn();
  const port = await portOf(server.stdout);
  const response = await fetch(`http://127.0.0.1:${port}/`, { signal });
  return await response.text();
}

/** Waits until workerd says which port it took. */
async function portOf(control: ReadableStream<Uint8Array>): Promise<number> {
  let said = "";
  for await (const text of control.pipeThrough(new TextDecoderStream())) {
    said += text;
    const [, port] = /"port":(\d+)/.exec(said) ?? [];
    if (port !== undefined && said.endsWith("\n")) return Number(port);
  }
  throw new Error(`it does not listen: ${said}`);
}

function printTable(rows: readonly (readonly string[])[]): void {
  for (const [runtime, version, passed, failed] of rows) {
    console.log(
      `${runtime!.padEnd(10)}${version!.padEnd(14)}${passed!.padStart(6)}${failed!.padStart(8)}`,
    );
  }
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
