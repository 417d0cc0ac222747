/**
 * Breaks the core in small ways, one at a time, in a copy, and tells which test caught each.
 *
 *     deno task mutants [--only TEXT]
 *
 * Ends with 1 where a mutant was missed, where its text is no longer there once, or where none has
 * the TEXT.
 */

import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type Mutant, MUTANTS } from "./list.ts";

/**
 * The tests of the core alone: quick, and of nothing but what a mutant breaks. Not the model's random
 * commands, which catch a mutant in one run and miss it in the next.
 */
const TESTS = [
  ...["context_var", "token", "context", "task", "outside", "bad_input", "inspect", "errors"],
  ...["foreign", "no_enter_with", "python", "persistent_map", "sharing", "serve", "types"],
].map((name) => `tests/${name}_test.ts`);

/** In milliseconds: some mutants never end. */
const LONGEST_RUN = 30_000;

const CORE = ["mod.ts", "context.ts", "context_var.ts", "errors.ts", "task.ts", "token.ts"];

const { values: options } = parseArgs({ options: { only: { type: "string", default: "" } } });
const root = new URL("../../", import.meta.url);

const mutants = MUTANTS.filter(({ file, breaks }) => `${file}: ${breaks}`.includes(options.only));
if (mutants.length === 0) {
  console.error(`no mutant has "${options.only}" in its file's name or in what it breaks`);
  Deno.exit(1);
}
const copy = await copyOfRepository();
// The copy's own: its import map names the copy's core.
const { importMapFlags } = await import(pathToFileURL(`${copy}/tests/with_std.ts`).href);
const flags: string[] = await importMapFlags();
const missed: string[] = [];
try {
  if (await firstFailure() !== undefined) throw new Error("the tests fail without a mutant");
  for (const mutant of mutants) {
    const caughtBy = await tryOut(mutant);
    if (caughtBy === undefined) missed.push(mutant.breaks);
    console.log(
      `${caughtBy === undefined ? "MISSED" : "caught"}  ${mutant.file}: ${mutant.breaks}`,
    );
    console.log(`        ${caughtBy ?? "no test failed"}`);
  }
} finally {
  await Deno.remove(copy, { recursive: true });
}
console.log(`\n${mutants.length - missed.length} caught, ${missed.length} missed`);
if (missed.length > 0) Deno.exit(1);

/** Copies what the tests need. */
async function copyOfRepository(): Promise<string> {
  const copy = await Deno.makeTempDir();
  await Deno.copyFile(new URL("deno.json", root), `${copy}/deno.json`);
  for (const file of CORE) await Deno.copyFile(new URL(file, root), `${copy}/${file}`);
  for (const folder of ["internal", "tests", "tests/serve"]) {
    await Deno.mkdir(`${copy}/${folder}`);
    for (const { name, isFile } of Deno.readDirSync(new URL(folder, root))) {
      if (isFile) {
        await Deno.copyFile(new URL(`${folder}/${name}`, root), `${copy}/${folder}/${name}`);
      }
    }
  }
  return copy;
}

/** Puts a mutant in, returns what caught it, and takes it out. */
async function tryOut({ file, from, to, breaks }: Mutant): Promise<string | undefined> {
  const path = `${copy}/${file}`;
  const text = await Deno.readTextFile(path);
  if (text.split(from).length !== 2) {
    throw new Error(`${file}: ${breaks}: this must stand there once:\n${from}`);
  }
  await Deno.writeTextFile(path, text.replace(from, () => to));
  try {
    return await firstFailure();
  } finally {
    await Deno.writeTextFile(path, text);
  }
}

/** Runs the tests in the copy, and returns the name of the first that fails. */
async function firstFailure(): Promise<string | undefined> {
  const { success, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", ...flags, "-A", "--no-check", "--fail-fast", ...TESTS],
    cwd: copy,
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(LONGEST_RUN),
  }).output();
  if (success) return undefined;
  if (signal !== null) return "the tests did not end";
  const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return /^(.*) \.\.\. FAILED/m.exec(output)?.[1] ?? /^error: .*$/m.exec(output)?.[0] ?? output;
}
