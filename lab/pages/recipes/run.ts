/**
 * Runs each program of docs/recipes.md and docs/testing.md, with the real packages.
 *
 *     deno task recipes [--only TEXT] [--wrong]
 *
 * Prints a line for each program and runtime, and ends with 1 where one fails, or where the pages'
 * code is not that of the programs. With `--wrong` it runs each program with a line that looks right
 * in the place of the right one, and ends with 1 where a program passes all the same. The last lines
 * of a program say what these are:
 *
 *     // wrong, what it does: the right text ~> the wrong one
 *     // run on Node.js 24: arguments, where it is not run by itself on Deno and Node.js 24
 *     // run on Bun, with bun:test: arguments, with that in the place of "node:test"
 */

import { cp } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { deno, run } from "../../../tests/command.ts";
import { installRuntimes, type RuntimeTitle } from "../../runtimes/install.ts";
import { listPrograms, strayLines } from "../frameworks/page.ts";
import { makeProject, NpmUnreachable } from "../frameworks/project.ts";

const PAGES = ["recipes", "testing"].map((name) =>
  new URL(`../../../docs/${name}.md`, import.meta.url)
);
const PROGRAMS = join(import.meta.dirname!, "programs");
const TIME_LIMIT = 300_000; // milliseconds for one program, on a busy machine too

/** One way to run a program. */
interface Run {
  readonly title: RuntimeTitle;
  readonly args?: readonly string[];
  readonly runner?: string;
}

const { values: options } = parseArgs({
  options: { only: { type: "string", default: "" }, wrong: { type: "boolean", default: false } },
});
const failures = (await Promise.all(PAGES.map((page) => strayLines(page, import.meta.dirname!))))
  .flat();
try {
  const project = await makeProject();
  try {
    await putPrograms(project);
    for (const file of await listPrograms(PROGRAMS)) {
      const name = relative(PROGRAMS, file);
      if (name.includes(options.only)) await tryOut(project, name, await Deno.readTextFile(file));
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
  for (const file of ["tally.ts", "keep_contexts.ts", "programs"]) {
    await cp(new URL(file, import.meta.url), join(project, file), { recursive: true });
  }
  await deno(["check", "programs"], { cwd: project });
}

/** Runs a program on each runtime: as it is, or once with each wrong line in it. */
async function tryOut(project: string, name: string, text: string): Promise<void> {
  const path = join(project, "programs", name);
  const variants = options.wrong ? wrongTexts(text) : [["as it is", text] as const];
  for (const [what, changed] of variants) {
    for (const way of runsOf(text)) {
      const { title, runner } = way;
      await Deno.writeTextFile(path, changed.replace('"node:test"', `"${runner ?? "node:test"}"`));
      const { code, stdout, stderr } = await start(project, name, way);
      const description = [name, title, ...runner === undefined ? [] : [runner], what].join(", ");
      const [summary] = stdout.match(/^\d+ reads.*$/m) ?? [code === 0 ? "passes" : "fails"];
      console.log(`${description}: ${summary}`);
      if (stdout.startsWith("skipped")) continue;
      if (options.wrong && code === 0) failures.push(`${description}: nobody notices`);
      if (!options.wrong && code !== 0) failures.push(`${description}: ${stdout}${stderr}`);
    }
  }
  await Deno.writeTextFile(path, text);
}

function wrongTexts(text: string): (readonly [what: string, text: string])[] {
  const withBreaks = (part: string) => part.replaceAll("\\n", "\n");
  return Array.from(text.matchAll(/^\/\/ wrong, (.*?): (.*) ~>(?: (.*))?$/gm), (match) => {
    const [, what = "", right = "", wrong = ""] = match;
    const program = text.slice(0, text.indexOf("// wrong, "));
    if (!program.includes(withBreaks(right))) {
      throw new Error(`the program does not have: ${right}`);
    }
    return [what, program.replace(withBreaks(right), () => withBreaks(wrong))] as const;
  });
}

function runsOf(text: string): Run[] {
  const lines = text.matchAll(/^\/\/ run on (.*?)(?:, with (\S+))?: (.*)$/gm);
  const runs = Array.from(lines, ([, title, runner, args]) => ({
    title: title as RuntimeTitle,
    args: args!.split(" "),
    ...runner !== undefined && { runner },
  }));
  return runs.length > 0 ? runs : [{ title: "Deno" }, { title: "Node.js 24" }];
}

async function start(cwd: string, name: string, { title, args }: Run) {
  const { available: [runtime], skipped } = await installRuntimes([title]);
  if (runtime === undefined) throw new Error(`${title} cannot be had: ${skipped[0]?.why}`);
  const [program, ...usual] = runtime.command;
  const command = [program!, ...args ?? [...usual, `programs/${name}`]];
  return await run(command, { cwd, signal: AbortSignal.timeout(TIME_LIMIT) });
}
