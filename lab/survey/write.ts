/**
 * Writes the tables of docs/propagation.md: runs the survey on every runtime.
 *
 *     deno task propagation [--check [RUNTIME …]]
 *
 * With `--check` it writes nothing, and fails where a runtime does not do what the page says.
 */

import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { deno, run } from "../../tests/command.ts";
import { TemporaryFolder } from "../../tests/temporary_folder.ts";
import { installRuntimes, type Runtime, type RuntimeTitle } from "../runtimes/install.ts";
import { type Column, differences, withTables } from "./page.ts";

const HERE = import.meta.dirname!;
const PAGE = new URL("../../docs/propagation.md", import.meta.url);

/** What shows, on some runtimes, what they else keep back. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  "Deno": ["--unstable-kv"],
  "Node.js": ["--experimental-eventsource"],
};

const { values: { check }, positionals: titles } = parseArgs({
  options: { check: { type: "boolean" } },
  allowPositionals: true,
});
const all = titles.length === 0;
const { available, skipped } = await installRuntimes(all ? undefined : titles as RuntimeTitle[]);
for (const { name, why } of skipped) console.log(`skipped: ${name}: ${why}`);
const columns = await surveyOn(available);
const page = await Deno.readTextFile(PAGE);
const failures = columns.flatMap((column) => {
  const found = [...column.contradictions, ...check ? differences(page, column) : []];
  return found.map((it) => `${column.title}: ${it}`);
});
if (!check && all && skipped.length === 0) {
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
  for (const file of ["survey.capnp", "../runtimes/start.mjs"]) {
    await Deno.copyFile(join(HERE, file), folder.file(basename(file)));
  }
  return await Promise.all(runtimes.map(async ({ name, title, version, command }) => {
    const start = name === "workerd" ? ["test", "survey.capnp"] : ["start.mjs", "survey.mjs"];
    const program = [...command, ...FLAGS[name] ?? [], ...start];
    const { stdout, stderr } = await run(program, { cwd: folder.path });
    // Not by the exit code: an error that a case throws for a listener fails a runtime without one.
    try {
      return { title, version, ...JSON.parse(stdout) };
    } catch (cause) {
      throw new Error(`${title} printed no survey: ${stdout}${stderr}`, { cause });
    }
  }));
}
