/**
 * Loads a server of each framework, with the real package, and counts reads of another request's
 * name, and of none where there was one.
 *
 *     deno task frameworks [--only TEXT] [--wrong]
 *
 * Prints a line for each program and runtime, and ends with 1 where a read was wrong, but for those
 * of which docs/frameworks.md warns; or where the page's code is not that of the programs. With
 * `--wrong` it runs each program with a line that looks right in the place of the right one, and
 * ends with 1 where the load does not notice on any runtime.
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { deno } from "../../../tests/command.ts";
import { installRuntimes, type RuntimeTitle } from "../../runtimes/install.ts";
import type { Count, Counts } from "./count.ts";
import { type Changes, IMPORT, type Program, PROGRAMS } from "./list.ts";
import { strayLines } from "./page.ts";
import { makeProject, NpmUnreachable, putPrograms } from "./project.ts";
import { loadServer } from "./server.ts";

const PAGE = new URL("../../../docs/frameworks.md", import.meta.url);

const { values: options } = parseArgs({
  options: { only: { type: "string", default: "" }, wrong: { type: "boolean", default: false } },
});
const programs = PROGRAMS.filter(({ file, other }) => (other?.[0] ?? file).includes(options.only));
const failures = await strayLines(PAGE, join(import.meta.dirname!, ".."));
const text = await Deno.readTextFile(PAGE);
for (const line of PROGRAMS.flatMap(({ line = {} }) => Object.values(line))) {
  const [call] = /new Context\(\)\.\w+\([\w.()]*\)/.exec(line) ?? [""];
  if (!text.includes(call)) failures.push(`${PAGE.pathname} does not have: ${call}`);
}
try {
  const project = await makeProject();
  try {
    await checkTypes(project);
    for (const program of programs) {
      if (options.wrong) await tryWrong(project, program);
      else await tryRight(project, program);
    }
  } finally {
    await Deno.remove(project, { recursive: true });
  }
} catch (error) {
  if (!(error instanceof NpmUnreachable)) throw error;
  console.log(`frameworks skipped: ${error.message}`);
}
for (const failure of failures) console.error(failure);
Deno.exit(failures.length === 0 ? 0 : 1);

/** Checks the programs' types, but for what packages say to each other. */
async function checkTypes(project: string): Promise<void> {
  await putPrograms(project);
  await deno(["check", ...programs.map(({ file }) => `programs/${file}`)], { cwd: project });
}

async function tryRight(project: string, program: Program): Promise<void> {
  const { runtimes, line } = program;
  const changes = program.other?.[1] ?? {};
  for (const name of runtimes) {
    failures.push(...await faultsOf(project, program, name, changes, program.lost));
  }
  if (line === undefined) return;
  for (const name of mainRuntimes(program)) {
    const faults = await faultsOf(project, program, name, line, program.lostByLine, "by its line");
    failures.push(...faults);
  }
}

/** With its line, and with wrong ones, a program runs on fewer runtimes. */
function mainRuntimes({ runtimes }: Program): RuntimeTitle[] {
  const both = runtimes.filter((title) => title === "Deno" || title === "Node.js 24");
  return both.length > 0 ? both : [...runtimes];
}

async function tryWrong(project: string, program: Program): Promise<void> {
  const changes = program.other?.[1] ?? {};
  const neither = { ...changes, [IMPORT]: changes[IMPORT]?.slice(IMPORT.length) ?? "" };
  const hasImport = program.file !== "web/worker.ts";
  for (const [what, wrongly] of Object.entries({ ...hasImport && { neither }, ...program.wrong })) {
    const faults: string[] = [];
    for (const name of mainRuntimes(program)) {
      faults.push(...await faultsOf(project, program, name, wrongly, program.lostByLine));
    }
    console.log([`  ${what}:`, ...faults].join("\n    "));
    if (faults.length === 0) failures.push(`${program.file}: ${what}: the load does not notice`);
  }
}

/** Runs the program on a runtime under load, prints the sums, and returns what was wrong. */
async function faultsOf(
  project: string,
  program: Program,
  name: RuntimeTitle,
  changes: Changes,
  lost: Program["lost"] = {},
  how = "by the import",
): Promise<string[]> {
  const isLost = (place: string) => lost[place]?.includes(name) ?? false;
  const label = `${program.other?.[0] ?? program.file} ${how} on ${name}`;
  const { available: [runtime], skipped: [missing] } = await installRuntimes([name]);
  if (runtime === undefined) {
    console.log(`${label} skipped: ${missing!.why}`);
    return [];
  }
  await putPrograms(project);
  await change(join(project, "programs", program.file), changes);
  const launch = { ...program, runtime, project, file: `programs/${program.file}` };
  try {
    const counts = await loadServer(launch, program.kinds);
    console.log(`${label.padEnd(44)} ${summary(counts, isLost)}`);
    const wrong = Object.entries(counts)
      .filter(([place, { anothers, none }]) => anothers + none > 0 && !isLost(place))
      .map(([place, { reads, anothers, none }]) =>
        `${label}: ${place}: of ${reads} reads ${anothers} another's, ${none} none`
      );
    const unread = Object.keys(lost)
      .filter((place) => isLost(place) && counts[place] === undefined)
      .map((place) => `${label}: ${place}: nothing was read there`);
    return [...wrong, ...unread];
  } catch (error) {
    return [`${label}: ${(error as Error).message}`];
  }
}

/** Puts other text in the place of some of the file's. */
async function change(file: string, changes: Record<string, string>): Promise<void> {
  let text = await Deno.readTextFile(file);
  for (const [from, to] of Object.entries(changes)) {
    if (text.split(from).length !== 2) throw new Error(`${file}: this must be there once: ${from}`);
    text = text.replace(from, () => to);
  }
  await Deno.writeTextFile(file, text);
}

function summary(counts: Counts, isLost: (place: string) => boolean): string {
  const [lost, kept] = [true, false].map((wanted) =>
    Object.entries(counts).filter(([place]) => isLost(place) === wanted).map(([, count]) => count)
  );
  const sum = (of: Count[], key: keyof Count) => of.reduce((total, count) => total + count[key], 0);
  return `${sum(kept!, "reads")} reads, ${sum(kept!, "anothers")} another's, ` +
    `${sum(kept!, "none")} none; where it is lost: ${sum(lost!, "reads")} reads, ` +
    `${sum(lost!, "anothers")} another's, ${sum(lost!, "none")} none`;
}
