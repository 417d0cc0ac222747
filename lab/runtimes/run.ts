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
import { installPackage } from "../consumers/npm_package.ts";
import { TemporaryFolder } from "../../tests/temporary_folder.ts";
import { bundleTests } from "./bundle.ts";
import { installRuntimes, type Runtime } from "./install.ts";
import type { Report } from "./registry.ts";

const TIME_LIMIT = 120_000; // milliseconds for one file's tests

/** The test that makes no sense somewhere: workerd serves by itself; debug mode wants enterWith. */
const UNABLE: Record<string, string> = { workerd: "servers_test", AsyncContext: "debug_test" };

const { available, skipped } = await installRuntimes();
using project = new TemporaryFolder();
await installPackage(project.path);
const programs = await bundleTests(project.path);
const installed = project.file("node_modules/@contextvars/contextvars");
await cp(installed, project.file("copy"), { recursive: true });
let failed = 0;
for (const runtime of available) failed += await runOn(runtime);
for (const variant of variants()) failed += await runOn(variant);
for (const { name, why } of skipped) console.log(`${name} skipped: ${why}`);
Deno.exitCode = failed === 0 ? 0 : 1;

/** Makes variants of Node.js 24: another copy of the package serves, or AsyncContext carries all. */
function variants(): Runtime[] {
  const node = available.filter(({ title }) => title === "Node.js 24");
  const first = { "another copy": "./copy/mod.js", "AsyncContext": "./async_context.mjs" };
  return node.flatMap(({ command, start, title, version }) =>
    Object.entries(first).map(([name, file]) => ({
      name,
      title,
      version: `${version}, ${name}`,
      command: [...command, `--import=${file}`],
      start,
    }))
  );
}

/** Runs all programs on a runtime at the same time, and returns how many tests failed. */
async function runOn(runtime: Runtime): Promise<number> {
  const able = programs.filter((name) => name !== UNABLE[runtime.name]);
  const reports = await Promise.all(able.map((program) => reportOf(runtime, program)));
  const failures = reports.flatMap(({ failures }) => failures);
  const sum = (key: "passed" | "skipped") => reports.reduce((sum, each) => sum + each[key], 0);
  const title = `${runtime.title} (${runtime.version})`;
  for (const failure of failures) console.log(`${title}: ${failure}\n`);
  const counts = `${sum("passed")} passed, ${failures.length} failed, ${sum("skipped")} skipped`;
  console.log(`${title}: ${counts}`);
  return failures.length;
}

/** Runs a program; where it prints no report, or fails after it, that is a failure too. */
async function reportOf({ command, start }: Runtime, program: string): Promise<Report> {
  const { code, stdout, stderr } = await run([...command, ...start(program)], {
    cwd: project.path,
    signal: AbortSignal.timeout(TIME_LIMIT),
  });
  const last = stdout.trimEnd().split("\n").at(-1)!;
  if (code === 0 && last.startsWith("{")) return JSON.parse(last);
  return { passed: 0, skipped: 0, failures: [`${program} ended with ${code}: ${stdout}${stderr}`] };
}
