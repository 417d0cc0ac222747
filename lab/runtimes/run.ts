/**
 * Runs the contract's tests on all runtimes, against the package as npm's users get it: packed by
 * `deno pack`, and installed by npm into an empty project.
 *
 *     deno task runtimes [--write]
 *
 * Prints each failure, and a table; fails where a test failed, or where README's table says
 * something else. With `--write` it writes README's table. A runtime that cannot be had is named as
 * skipped.
 */

import { parseArgs } from "node:util";
import { run } from "../../tests/command.ts";
import { installPackage } from "../consumers/npm_package.ts";
import { TemporaryFolder } from "../../tests/temporary_folder.ts";
import { bundleTests } from "./bundle.ts";
import { installRuntimes, type Runtime } from "./install.ts";
import type { Report } from "./registry.ts";
import { hasTable, type Row, tableOf, writeTable } from "./readme.ts";

const TIME_LIMIT = 120_000; // milliseconds for one file's tests

const { values: { write } } = parseArgs({
  options: { write: { type: "boolean", default: false } },
});
const { available, skipped } = await installRuntimes();
using project = new TemporaryFolder();
await Deno.writeTextFile(project.file("package.json"), '{ "private": true }');
await installPackage(project.path);
const programs = await bundleTests(project.path);
const rows: Row[] = [];
for (const runtime of available) rows.push(await rowOf(runtime));
console.log(`\n${tableOf(rows)}`);
for (const { name, why } of skipped) console.log(`${name} skipped: ${why}`);
const passed = rows.every(({ failed }) => failed === 0);
Deno.exitCode = passed && await holds() ? 0 : 1;

/** Compares README's table with the rows, or writes it. */
async function holds(): Promise<boolean> {
  if (skipped.length > 0) return !write;
  if (write) await writeTable(rows);
  const same = await hasTable(rows);
  if (!same) console.log("README.md says something else: deno task runtimes --write");
  return same;
}

/** Runs all programs on a runtime at the same time, and prints what failed. */
async function rowOf(runtime: Runtime): Promise<Row> {
  const reports = await Promise.all(programs.map((program) => reportOf(runtime, program)));
  const failures = reports.flatMap(({ failures }) => failures);
  for (const failure of failures) console.log(`${runtime.title} ${runtime.version}: ${failure}\n`);
  const sum = (key: "passed" | "skipped") => reports.reduce((sum, each) => sum + each[key], 0);
  return {
    title: runtime.title,
    version: runtime.version,
    passed: sum("passed"),
    skipped: sum("skipped"),
    failed: failures.length,
  };
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
