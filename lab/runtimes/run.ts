/**
 * Runs the contract's tests on all runtimes, against the package as npm's users get it: packed by
 * `deno pack`, and installed by npm into an empty project. On Node.js 24 also where another copy of
 * the package was loaded first, and where only TC39's AsyncContext carries contexts.
 *
 *     deno task runtimes
 *
 * Prints each failure, and a line for each runtime; fails where a test failed. A runtime that cannot
 * be had is named as skipped.
 */

import { cp } from "node:fs/promises";
import { run } from "../../tests/command.ts";
import { TemporaryFolder } from "../../tests/temporary_folder.ts";
import { installPackage } from "../npm.ts";
import { bundleTests } from "./bundle.ts";
import { installRuntimes, type Runtime } from "./install.ts";
import type { Report } from "./program.ts";

const TIME_LIMIT = 120_000; // milliseconds for one file's tests

/** The test that makes no sense somewhere: workerd serves by itself; debug mode wants enterWith. */
const UNABLE: Record<string, string> = { workerd: "servers_test", AsyncContext: "debug_test" };

/** What else is tried on Node.js 24, and what is loaded first for it. */
const VARIANTS = { "another copy": "./copy/mod.js", "AsyncContext": "./async_context.mjs" };

const available = await installRuntimes();
using project = new TemporaryFolder();
await installPackage(project.path);
const programs = await bundleTests(project.path);
const installed = project.file("node_modules/@contextvars/contextvars");
await cp(installed, project.file("copy"), { recursive: true });
for (const runtime of available) await runOn(runtime);
for (const runtime of available.filter(({ title }) => title === "Node.js 24")) {
  for (const [name, file] of Object.entries(VARIANTS)) {
    const command = [...runtime.command, `--import=${file}`];
    await runOn({ ...runtime, name, command, version: `${runtime.version}, ${name}` });
  }
}

/** Runs all programs on a runtime at the same time. */
async function runOn(runtime: Runtime): Promise<void> {
  const able = programs.filter((name) => name !== UNABLE[runtime.name]);
  const reports = await Promise.all(able.map((program) => reportOf(runtime, program)));
  const failures = reports.flatMap(({ failures }) => failures);
  const sum = (key: "passed" | "skipped") => reports.reduce((sum, each) => sum + each[key], 0);
  const title = `${runtime.title} (${runtime.version})`;
  for (const failure of failures) console.log(`${title}: ${failure}\n`);
  const counts = `${sum("passed")} passed, ${failures.length} failed, ${sum("skipped")} skipped`;
  console.log(`${title}: ${counts}`);
  if (failures.length > 0) Deno.exitCode = 1;
}

/** Runs a program; where it prints no report, or fails after it, that is a failure too. */
async function reportOf({ name, command }: Runtime, program: string): Promise<Report> {
  const start = name === "workerd" ? ["test", `${program}.capnp`] : [`${program}.mjs`];
  const signal = AbortSignal.timeout(TIME_LIMIT);
  const { code, stdout, stderr } = await run([...command, ...start], { cwd: project.path, signal });
  const last = stdout.trimEnd().split("\n").at(-1)!;
  if (code === 0 && last.startsWith("{")) return JSON.parse(last);
  return { passed: 0, skipped: 0, failures: [`${program} ended with ${code}: ${stdout}${stderr}`] };
}
