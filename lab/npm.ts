/** Projects of npm, with this package as npm's users get it. */

import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deno } from "../tests/command.ts";
import { USER_CACHE } from "./runtimes/install.ts";

const ROOT = fileURLToPath(import.meta.resolve("../"));

/**
 * Nothing that was published after this day is installed, also where a package of versions.json asks
 * for a range: so it is a lock, in one line. A newer version there needs a newer day.
 */
const DAY = "2026-11-28";

/** npm cannot be reached, and not all is there from an earlier time. */
export class NpmUnreachable extends Error {}

/**
 * Makes a project in the user's cache folder, without programs. The caller removes it.
 *
 * Other packages stay in the folder around it, such as `contextvars-pages`: Node.js and Deno look for
 * packages there too.
 *
 * @param folder Has a versions.json with these packages; the cache is named after it.
 * @throws {NpmUnreachable} The packages cannot be had.
 */
export async function makeProject(folder: string): Promise<string> {
  const cache = join(USER_CACHE, `contextvars-${basename(folder)}`);
  await Deno.mkdir(cache, { recursive: true });
  await install(cache, JSON.parse(await Deno.readTextFile(join(folder, "versions.json"))));
  const project = await Deno.makeTempDir({ dir: cache });
  await installPackage(project);
  // Deno 2.9.6 looks for the types that packages refer to in no other folder.
  const types = join("node_modules", "@types");
  await Deno.symlink(join(cache, types), join(project, types), { type: "junction" });
  return project;
}

/** Makes a folder a project, and installs there the package, packed, and others. */
export async function installPackage(
  folder: string,
  dependencies: Readonly<Record<string, string>> = {},
): Promise<void> {
  const tarball = join(folder, "package.tgz");
  await deno(["pack", "--quiet", "--allow-dirty", "--output", tarball], { cwd: ROOT });
  await install(folder, dependencies, tarball);
}

/** Installs packages, without a network where nothing is missing. */
async function install(cwd: string, dependencies: object, ...tarballs: string[]): Promise<void> {
  const project = { private: true, type: "module", dependencies };
  await Deno.writeTextFile(join(cwd, "package.json"), JSON.stringify(project));
  const options = ["--prefer-offline", "--no-audit", "--no-fund", `--before=${DAY}`];
  try {
    await deno(["run", "-A", "npm:npm@11", "install", ...options, ...tarballs], { cwd });
  } catch (error) {
    // So npm begins what it says of a registry that does not answer.
    if (!/npm error (network|FetchError)/.test(String(error))) throw error;
    throw new NpmUnreachable("npm cannot be reached");
  }
}
