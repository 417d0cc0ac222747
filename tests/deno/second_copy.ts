/** A second copy of the module, as another version of it in the same program would be. */

import { pathToFileURL } from "node:url";
import { deno } from "../command.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

/** Imports a copy. Not to be called in a test: a dynamic import leaves its context behind. */
export async function importCopy(): Promise<typeof import("@contextvars/contextvars")> {
  using folder = new TemporaryFolder();
  const bundle = folder.file("copy.mjs");
  const module = import.meta.resolve("../../mod.ts");
  await deno(["bundle", "--quiet", "--keep-names", "--output", bundle, module]);
  return await import(pathToFileURL(bundle).href);
}
