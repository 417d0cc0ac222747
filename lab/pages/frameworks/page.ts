/** The pages of docs/ whose code is that of programs. */

import { join } from "node:path";

/** Tells which code of a page no program in a folder has, line by line, in its order. */
export async function strayLines(page: URL, programs: string): Promise<string[]> {
  const texts = (await listPrograms(programs)).map((file) => Deno.readTextFileSync(file));
  const blocks = (await Deno.readTextFile(page)).matchAll(/^```[jt]s ignore\n([^]*?)^```$/gm);
  return Array.from(blocks, ([, code]) => {
    const strays = texts.map((text) => firstStray(code!, text));
    return strays.includes(undefined) ? [] : [`${page.pathname}: no program has: ${code}`];
  }).flat();
}

/** Lists the programs in a folder and the folders in it. */
export async function listPrograms(folder: string): Promise<string[]> {
  const entries = (await Array.fromAsync(Deno.readDir(folder))).sort((a, b) =>
    a.name < b.name ? -1 : 1
  );
  const files = await Promise.all(entries.map(({ name, isDirectory }) => {
    const path = join(folder, name);
    return isDirectory ? listPrograms(path) : [path];
  }));
  return files.flat().filter((file) => /\.c?[jt]s$/.test(file));
}

/** Returns the first line of the code that the program does not have after the one before it. */
function firstStray(code: string, program: string): string | undefined {
  const rest = program.split("\n").values();
  return code.split("\n").filter((line) => line !== "").find((line) =>
    !rest.some((other) => other.trim() === line.trim())
  );
}
