/** Runs every example as its second line says, in README's order, headed by its first line. */

import { type Result, runDeno } from "./command.ts";
import { importMapFlags } from "./with_std.ts";

const ROOT = new URL("../", import.meta.url);

/** An example, and what its head and its end say. */
export interface Example {
  /** From the root of the repository. */
  readonly path: string;
  readonly title: string;
  readonly command: string;
  readonly prints: string;
}

/** Returns the examples that README lists. */
export function readExamples(): Example[] {
  const readme = Deno.readTextFileSync(new URL("README.md", ROOT));
  const links = Array.from(readme.matchAll(/\]\((examples\/[\w/.]+)\)/g), ([, path]) => path!);
  return links.flatMap(programsIn).map(readExample);
}

/** Lists the programs in a folder; a program is in its own list. */
export function programsIn(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  const names = Array.from(Deno.readDirSync(new URL(path, ROOT)), ({ name }) => name).sort();
  return names.flatMap((name) => programsIn(`${path}/${name}`));
}

function readExample(path: string): Example {
  const text = Deno.readTextFileSync(new URL(path, ROOT));
  const [title, command] = text.split("\n", 2).map((line) => line.replace("// ", ""));
  const [, prints = ""] = text.split("\n// Prints:\n");
  return { path, title: title!, command: command!, prints: prints.replaceAll(/^\/\/ ?/gm, "") };
}

/** Runs an example with no more permissions than it states. */
export async function runExample({ path, command }: Example, flags: string[]): Promise<Result> {
  const [deno, subcommand, ...args] = command.split(" ");
  if (deno !== "deno" || args.at(-1) !== path) {
    throw new Error(`line 2 of ${path} must say how to run it, got: ${command}`);
  }
  const all = [subcommand!, "--quiet", "--no-prompt", ...flags, ...args];
  const { stdout, ...rest } = await runDeno(all, { cwd: ROOT });
  return { ...rest, stdout: stdout.replaceAll(/ \(\d+[mµ]?s\)/g, "") };
}

if (import.meta.main) {
  const flags = await importMapFlags();
  for (const example of readExamples()) {
    const { code, stdout, stderr } = await runExample(example, flags);
    console.log(`--- ${example.title}\n${stdout}${stderr}`);
    if (code !== 0) Deno.exitCode = 1;
  }
}
