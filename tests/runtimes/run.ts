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
import { fileURLToPath } from "node:url";
import { deno } from "../command.ts";
import { installRuntimes, type Runtime } from "./install.ts";
import { installPackage } from "./package.ts";

const PACKAGE = "@contextvars/contextvars";
const TIME_LIMIT = 60_000; // milliseconds for one runtime

/** A line of the table. */
interface Row {
  readonly runtime: string;
  readonly version: string;
  readonly passed: string;
  readonly failed: string;
}

const { available, skipped } = await installRuntimes();
const project = await Deno.makeTempDir({ prefix: "contextvars-runtimes-" });
try {
  await makeProject();
  const rows: Row[] = [];
  for (const runtime of available) rows.push(await rowOf(runtime));
  printRow({ runtime: "runtime", version: "version", passed: "passed", failed: "failed" });
  rows.forEach(printRow);
  for (const { name, why } of skipped) console.log(`${name} skipped: ${why}`);
  Deno.exitCode = rows.every((row) => row.failed === "0") ? 0 : 1;
} finally {
  await Deno.remove(project, { recursive: true });
}

/** Installs the package in the project, and puts the two programs there. */
async function makeProject(): Promise<void> {
  await Deno.writeTextFile(join(project, "package.json"), '{ "private": true }');
  await Deno.copyFile(here("worker.capnp"), join(project, "worker.capnp"));
  await installPackage(project);
  await bundle(here("main.ts"), "main.mjs", `--external=${PACKAGE}`);
  await bundle(here("worker.ts"), "imports.mjs", `--external=${PACKAGE}`);
  // A second time, in the project: as Wrangler does, with the package from node_modules.
  await bundle(join(project, "imports.mjs"), "worker.mjs");
}

async function bundle(source: string, target: string, ...options: string[]): Promise<void> {
  await deno(["bundle", "--quiet", "--output", target, ...options, source], { cwd: project });
}

/** Runs the program on a runtime; prints what it says besides its counts. */
async function rowOf(runtime: Runtime): Promise<Row> {
  const lines = (await outputOn(runtime)).trimEnd().split("\n");
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lines.at(-1)!) ?? [];
  const complaints = failed === undefined ? lines : lines.slice(0, -1);
  for (const line of complaints) console.log(`${runtime.name} ${runtime.version}: ${line}`);
  return {
    runtime: runtime.name,
    version: runtime.version,
    passed: passed ?? "-",
    failed: failed ?? "-",
  };
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
  // What it complains about comes last: a crash after the counts must not pass.
  const complaint = code === 0 ? "" : new TextDecoder().decode(stderr);
  return new TextDecoder().decode(stdout) + complaint || `exit code ${code}`;
}

async function askWorker({ command: [program] }: Runtime): Promise<string> {
  const signal = AbortSignal.timeout(TIME_LIMIT);
  const server = new Deno.Command(program!, {
    args: ["serve", "worker.capnp", "--control-fd=1"],
    cwd: project,
    stdout: "piped",
    stderr: "inherit",
    signal,
  }).spawn();
  try {
    const port = await portOf(server.stdout);
    return await (await fetch(`http://127.0.0.1:${port}/`, { signal })).text();
  } finally {
    await end(server);
  }
}

/** Ends a program at once: on a SIGTERM workerd would wait for the request under way. */
async function end(program: Deno.ChildProcess): Promise<void> {
  try {
    program.kill("SIGKILL");
  } catch { // it has ended by itself
  }
  await program.status;
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

function printRow({ runtime, version, passed, failed }: Row): void {
  const left = runtime.padEnd(10) + version.padEnd(14);
  console.log(left + passed.padStart(6) + failed.padStart(8));
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
