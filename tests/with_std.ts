/**
 * Runs a deno command with all that the tests need: the packages of @std, and a folder for
 * temporary files that is removed in the end, even after Ctrl-C.
 *
 * @std comes from JSR as deno.json says, or from its npm copies where JSR cannot be reached and
 * Deno has nothing cached.
 *
 *     deno run -A tests/with_std.ts test --doc
 */

import { runDeno } from "./command.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

if (import.meta.main) {
  const [command, ...args] = Deno.args;
  if (command === undefined) {
    console.error("usage: deno run -A tests/with_std.ts COMMAND [ARGUMENTS]");
    Deno.exit(2);
  }
  Deno.exit(await withTemporaryFolder([command, ...await importMapFlags(), ...args]));
}

/** Runs a deno command to its end, and returns its exit code. */
async function withTemporaryFolder(args: string[]): Promise<number> {
  using folder = new TemporaryFolder();
  const env = { TMPDIR: folder.path, TEMP: folder.path, TMP: folder.path };
  const command = new Deno.Command(Deno.execPath(), { args, env }).spawn();
  // A terminal sends Ctrl-C to the command too. This waits for its end, and cleans up.
  Deno.addSignalListener("SIGINT", () => {});
  return (await command.status).code;
}

/** Returns the flags that a deno command needs so that `@std/*` resolves. */
export async function importMapFlags(): Promise<string[]> {
  const { code, stderr } = await runDeno(["cache", ...await stdModules()]);
  if (code === 0) return [];
  const [reason] = stderr.match(/^error: .*JSR.*/m) ?? [];
  if (reason === undefined) throw new Error(`@std cannot be loaded: ${stderr}`);
  console.log(`@std comes from npm (tests/npm_import_map.json), not from JSR: ${reason}`);
  return [`--import-map=${import.meta.resolve("./npm_import_map.json")}`];
}

/** Lists the modules of @std that the tests import, by their names on JSR. */
async function stdModules(): Promise<string[]> {
  const packages = await readImports("../deno.json");
  return Object.keys(await readImports("./npm_import_map.json"))
    .filter((module) => module.startsWith("@std/"))
    .map((module) => module.replace(/^@std\/[^/]+/, (name) => packages[name]!));
}

async function readImports(file: string): Promise<Record<string, string>> {
  return JSON.parse(await Deno.readTextFile(new URL(file, import.meta.url))).imports;
}
