/** The package as npm's users get it. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deno } from "../../tests/command.ts";

const ROOT = fileURLToPath(import.meta.resolve("../.."));

/** Makes a folder a project of npm, and installs there the package, packed, and others. */
export async function installPackage(
  folder: string,
  dependencies: Readonly<Record<string, string>> = {},
): Promise<void> {
  const project = { private: true, type: "module", dependencies };
  await Deno.writeTextFile(join(folder, "package.json"), JSON.stringify(project));
  const tarball = join(folder, "package.tgz");
  await deno(["pack", "--quiet", "--allow-dirty", "--output", tarball], { cwd: ROOT });
  const options = ["--no-audit", "--no-fund", "--cache=npm-cache"];
  await deno(["run", "-A", "npm:npm@11", "install", ...options, tarball], { cwd: folder });
}
