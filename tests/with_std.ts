/**
 * Runs a deno command with the packages of @std that the tests import: from JSR as deno.json says,
 * or, where JSR cannot be reached and has nothing cached, from their npm copies.
 *
 *     deno run -A tests/with_std.ts test --doc
 */

if (import.meta.main) {
  const [command, ...args] = Deno.args;
  if (command === undefined) {
    console.error("usage: deno run -A tests/with_std.ts COMMAND [ARGUMENTS]");
    Deno.exit(2);
  }
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [command, ...await importMapFlags(), ...args],
  }).spawn().status;
  Deno.exit(code);
}

/** Returns the flags that a deno command needs so that `@std/*` resolves. */
export async function importMapFlags(): Promise<string[]> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", ...await stdModules()],
    env: { NO_COLOR: "1" },
  }).output();
  if (success) return [];
  const reason = /error: .*/.exec(new TextDecoder().decode(stderr))?.[0];
  console.log(`JSR cannot be reached, @std comes from npm (tests/npm_import_map.json): ${reason}`);
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
