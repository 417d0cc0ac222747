/** The pages of docs/ whose code is that of programs. */

/** Tells which lines of the page's code are not in a program that its section links, in their order. */
export async function strayLines(page: URL): Promise<string[]> {
  const sections = (await Deno.readTextFile(page)).split(/^## /m).slice(1);
  return (await Promise.all(sections.map((section) => strayLinesOf(section, page)))).flat();
}

async function strayLinesOf(section: string, page: URL): Promise<string[]> {
  const links = section.matchAll(/\]\((\S+\.c?[jt]s)\)/g);
  const programs = await Promise.all(
    [...links].map(([, path]) => Deno.readTextFile(new URL(path!, page))),
  );
  const title = section.split("\n")[0];
  return [...section.matchAll(/^```[jt]s.*\n([^]*?)^```$/gm)]
    .map(([, code]) => programs.map((program) => firstStray(code!, program)))
    .filter((strays) => strays.every((line) => line !== undefined))
    .map(([line]) => `${title}: no program that the section links has this line here: ${line}`);
}

/** Returns the first line of the code that the program does not have after the one before it. */
function firstStray(code: string, program: string): string | undefined {
  const rest = program.split("\n").values();
  return code.split("\n").filter((line) => line !== "").find((line) =>
    !rest.some((other) => other === line)
  );
}
