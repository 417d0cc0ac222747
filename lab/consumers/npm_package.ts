/** The package as npm's users get it. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deno } from "../../tests/command.ts";

const NPM = "npm:npm@11";

/** Packs the package, and has npm install it in the project in a folder. */
export async function installPackage(folder: string): Promise<void> {
  const tarball = join(folder, "package.tgz");
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  await deno(["pack", "--quiet", "--allow-dirty", "--output", tarball], { cwd: repository });
  const options = ["--no-audit", "--no-fund", "--cache=npm-cache"];
  await deno(["run", "-A", NPM, "install", ...options, tarball], { cwd: folder });
}
