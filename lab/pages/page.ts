/** The pages of docs/ whose code is that of programs. */

import { readdir } from "node:fs/promises";
import { join } from "node:path";

const PAGES = ["frameworks", "recipes", "testing"].map((name) => `../../docs/${name}.md`);

/** What binds a server where ./servers cannot be imported. */
const CALL = /^\/\/ by its line: .*(new Context\(\)\.\w+\([\w.()]*\))/gm;

/**
 * Tells which code of the pages no program has, line by line, in its order; and what a server has by
 * its line, and docs/frameworks.md has not.
 */
export async function strayCode(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((it) => /\.c?ts$|js$/.test(it));
  const programs = names.map((name) => Deno.readTextFileSync(join(folder, name)));
  const strays = PAGES.flatMap((page) => {
    const text = Deno.readTextFileSync(new URL(page, import.meta.url));
    const blocks = Array.from(text.matchAll(/^```[jt]s ignore\n([^]*?)^```$/gm), ([, it]) => it!);
    return blocks.filter((code) => !programs.some((program) => isIn(program, code)))
      .map((code) => `${page}: no program has: ${code}`);
  });
  const calls = programs.flatMap((program) => Array.from(program.matchAll(CALL), ([, it]) => it!));
  const page = Deno.readTextFileSync(new URL(PAGES[0]!, import.meta.url));
  const missing = calls.filter((call) => !page.includes(call));
  return [...strays, ...missing.map((call) => `${PAGES[0]} does not have: ${call}`)];
}

/** Whether the program has all lines of the code, each after the one before it. */
function isIn(program: string, code: string): boolean {
  const rest = program.split("\n").values();
  return code.split("\n").filter((line) => line !== "").every((line) =>
    rest.some((other) => other.trim() === line.trim())
  );
}
