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
  const { code } = await deno([command, ...await importMapFlags(), ...args], "inherit");
  Deno.exit(code);
}

/** Returns the flags that a deno command needs so that `@std/*` resolves. */
export async function importMapFlags(): Promise<string[]> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  const packages = Object.values<string>(imports);
  if ((await deno(["cache", "--quiet", ...packages], "null")).success) return [];
  console.log("JSR cannot be reached: @std comes from npm here, by tests/npm_import_map.json");
  return [`--import-map=${import.meta.resolve("./npm_import_map.json")}`];
}

function deno(args: string[], output: "inherit" | "null"): Promise<Deno.CommandStatus> {
  return new Deno.Command(Deno.execPath(), { args, stdout: output, stderr: output }).spawn().status;
}
