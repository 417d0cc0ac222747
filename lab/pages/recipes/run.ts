/**
 * Runs each program of docs/recipes.md, with the real packages, on Deno and Node.js.
 *
 *     deno run -A lab/pages/recipes/run.ts [--only TEXT] [--wrong]
 *
 * Prints a line for each program and runtime, and ends with 1 where one fails, or where the page's
 * code is not that of the programs. With `--wrong` it runs each program with a line that looks right
 * in the place of the right one, and ends with 1 where a program passes all the same.
 */

import { cp } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { deno, run } from "../../../tests/command.ts";
import { strayLines } from "../frameworks/page.ts";
import { makeProject, NpmUnreachable } from "../frameworks/project.ts";
import { installRuntimes, type RuntimeTitle } from "../../runtimes/install.ts";
import { type Changes, type Program, PROGRAMS } from "./list.ts";

const PAGE = new URL("../../../docs/recipes.md", import.meta.url);
const TIME_LIMIT = 60_000; // milliseconds for one program

const { values: options } = parseArgs({
  options: { only: { type: "string", default: "" }, wrong: { type: "boolean", default: false } },
});
const failures = await strayLines(PAGE);
try {
  const project = await makeProject();
  try {
    await putPrograms(project);
    for (const program of PROGRAMS.filter(({ file }) => file.includes(options.only))) {
      const variants = options.wrong ? Object.entries(program.wrong) : [["as it is", {}] as const];
      for (const [what, changes] of variants) await tryOut(project, program, what, changes);
    }
  } finally {
    await Deno.remove(project, { recursive: true });
  }
} catch (error) {
  if (!(error instanceof NpmUnreachable)) throw error;
  console.log(`recipes skipped: ${error.message}`);
}
for (const failure of failures) console.error(failure);
Deno.exit(failures.length === 0 ? 0 : 1);

/** Puts the programs into the project, and checks their types. */
async function putPrograms(project: string): Promise<void> {
  for (const file of ["tally.ts", "programs"]) {
    await cp(new URL(file, import.meta.url), join(project, file), { recursive: true });
  }
  await deno(["check", "programs"], { cwd: project });
}

/** Runs a program on each runtime, with some of its text changed for that time. */
async function tryOut(
  project: string,
  program: Program,
  what: string,
  changes: Changes,
): Promise<void> {
  const path = join(project, "programs", program.file);
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, changed(text, changes));
  for (const title of program.runtimes) {
    const { code, stdout, stderr } = await start(project, program, title);
    const name = `${program.file}, ${title}, ${what}`;
    const [summary] = stdout.match(/^\d+ reads.*$/m) ?? [code === 0 ? "passes" : "fails"];
    console.log(`${name}: ${summary}`);
    if (options.wrong && code === 0) failures.push(`${name}: nobody notices`);
    if (!options.wrong && code !== 0) failures.push(`${name}: ${stdout}${stderr}`);
  }
  await Deno.writeTextFile(path, text);
}

function changed(text: string, changes: Changes): string {
  for (const [right, wrong] of Object.entries(changes)) {
    if (!text.includes(right)) throw new Error(`no program has the text that is to be: ${right}`);
    text = text.replace(right, () => wrong);
  }
  return text;
}

async function start(cwd: string, { file, args }: Program, title: RuntimeTitle) {
  const { available: [runtime], skipped } = await installRuntimes([title]);
  if (runtime === undefined) throw new Error(`${title} cannot be had: ${skipped[0]?.why}`);
  const [program, ...usual] = runtime.command;
  const command = [program!, ...args ?? [...usual, `programs/${file}`]];
  return await run(command, { cwd, signal: AbortSignal.timeout(TIME_LIMIT) });
}
