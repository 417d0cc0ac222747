/** A second copy of the module, as another version of it in the same program would be. */

import { pathToFileURL } from "node:url";
import { deno } from "../command.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

/**
 * Imports a copy of an entry point, after changes to its text.
 *
 * Not to be called in a test: a dynamic import leaves its context behind.
 */
export async function importCopy<M = typeof import("@contextvars/contextvars")>(
  changes: Record<string, string> = {},
  entry = "mod.ts",
): Promise<M> {
  using folder = new TemporaryFolder();
  const file = folder.file("copy.mjs");
  const module = import.meta.resolve(`../../${entry}`);
  await deno(["bundle", "--quiet", "--keep-names", "--output", file, module]);
  let text = await Deno.readTextFile(file);
  for (const [old, changed] of Object.entries(changes)) text = text.replace(old, changed);
  await Deno.writeTextFile(file, text);
  return await import(pathToFileURL(file).href);
}
