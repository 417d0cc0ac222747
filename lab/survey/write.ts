/**
 * Writes the tables of docs/propagation.md: runs the survey on every runtime.
 *
 *     deno task propagation [--check [RUNTIME …]]
 *
 * With `--check` it writes nothing, and fails where a runtime does not do what the page says.
 */

import { parseArgs } from "node:util";
import { deno, run } from "../../tests/command.ts";
import { TemporaryFolder } from "../../tests/temporary_folder.ts";
import { installRuntimes, type Runtime, RUNTIMES } from "../runtimes/install.ts";
import type { RuntimeTitle } from "../runtimes/install.ts";
import { workerConfig } from "../runtimes/worker_config.ts";
import { type Column, differences, withTables } from "./page.ts";

const HERE = import.meta.dirname!;
const PAGE = new URL("../../docs/propagation.md", import.meta.url);

/**
 * Newer than that of the contract's tests (lab/runtimes/bundle.ts): with that one MessagePort,
 * node:fs and much of node:http are not there to be tried.
 */
const WORKER_DATE = "2026-01-01";

const { values: { check }, positionals: titles } = parseArgs({
  options: { check: { type: "boolean" } },
  allowPositionals: true,
});
const wanted = titles.length === 0 ? RUNTIMES : titles as RuntimeTitle[];
const columns = await surveyOn(await installRuntimes(wanted));
const page = await Deno.readTextFile(PAGE);
const failures = columns.flatMap((column) => {
  const found = [...column.contradictions, ...check ? differences(page, column) : []];
  return found.map((it) => `${column.title}: ${it}`);
});
if (!check && columns.length === RUNTIMES.length) {
  await Deno.writeTextFile(PAGE, withTables(page, columns));
  await deno(["fmt", "--quiet", PAGE.pathname]);
} else if (!check) {
  failures.push("the page is not written: it needs every runtime");
}
for (const failure of failures) console.error(failure);
Deno.exit(failures.length === 0 ? 0 : 1);

/** Runs the survey on all of these at the same time. */
async function surveyOn(runtimes: readonly Runtime[]): Promise<Column[]> {
  using folder = new TemporaryFolder();
  for (const [file, platform] of [["survey.mjs", "deno"], ["survey.worker.mjs", "browser"]]) {
    const flags = ["--quiet", `--platform=${platform}`, "--external=node:*"];
    const output = `--output=${folder.file(file!)}`;
    await deno(["bundle", ...flags, output, "program.ts"], { cwd: HERE });
  }
  const config = workerConfig("survey.worker.mjs", WORKER_DATE, ["nodejs_compat"]);
  await Deno.writeTextFile(folder.file("survey.capnp"), config);
  return await Promise.all(runtimes.map(async ({ name, title, version, command }) => {
    const start = name === "workerd" ? ["test", "survey.capnp"] : ["survey.mjs"];
    const flags = name === "Deno" ? ["--unstable-kv"] : [];
    const { stdout, stderr } = await run([...command, ...flags, ...start], { cwd: folder.path });
    // Not by the exit code: an error that a case throws for a listener fails a runtime without one.
    try {
      return { title, version, ...JSON.parse(stdout) };
    } catch (cause) {
      throw new Error(`${title} printed no survey: ${stdout}${stderr}`, { cause });
    }
  }));
}
