/**
 * The project in which programs run: with other packages at the versions in a versions.json, and
 * this package as npm's users get it.
 *
 * The others stay in the user's cache folder, for this one in `contextvars-pages`. The
 * project is a folder there, since Node.js and Deno look for packages in the folders above too.
 */

import { basename, join } from "node:path";
import { deno } from "../../tests/command.ts";
import { userCacheFolder } from "../runtimes/install.ts";
import { installPackage } from "../consumers/npm_package.ts";

const NPM = ["run", "-A", "npm:npm@11"];

/**
 * Nothing that was published after this day is installed, also where a package of versions.json asks
 * for a range: so it is a lock, in one line. A newer version there needs a newer day.
 */
const DAY = "2026-11-28";

/** npm cannot be reached, and not all is there from an earlier time. */
export class NpmUnreachable extends Error {}

/**
 * Makes the project, without programs. The caller removes it.
 *
 * @param folder Has the versions.json; the cache is named after it.
 * @throws {NpmUnreachable} The packages cannot be had.
 */
export async function makeProject(folder: string): Promise<string> {
  const cache = join(userCacheFolder(), `contextvars-${basename(folder)}`);
  await Deno.mkdir(cache, { recursive: true });
  const versions = await Deno.readTextFile(join(folder, "versions.json"));
  await writePackage(cache, { dependencies: JSON.parse(versions) });
  await install(cache);
  const project = await Deno.makeTempDir({ dir: cache });
  await writePackage(project, { type: "module" });
  await installPackage(project);
  // Deno 2.9.6 looks for the types that packages refer to in no other folder.
  const types = join("node_modules", "@types");
  await Deno.symlink(join(cache, types), join(project, types), { type: "junction" });
  return project;
}

async function writePackage(folder: string, fields: object): Promise<void> {
  const text = JSON.stringify({ private: true, ...fields });
  await Deno.writeTextFile(join(folder, "package.json"), text);
}

/** Installs what package.json says, without a network where nothing is missing. */
async function install(cwd: string): Promise<void> {
  const options = ["--prefer-offline", "--no-audit", "--no-fund", `--before=${DAY}`];
  try {
    await deno([...NPM, "install", ...options], { cwd });
  } catch (error) {
    // So npm begins what it says of a registry that does not answer.
    if (!/npm error (network|FetchError)/.test(String(error))) throw error;
    throw new NpmUnreachable("npm cannot be reached");
  }
}
