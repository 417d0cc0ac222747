/** A program, running: a server on this machine. */

import { build } from "npm:esbuild@0.25.12";
import { dirname, join, relative } from "node:path";
import { deno } from "../../../tests/command.ts";
import type { Runtime } from "../../runtimes/install.ts";
import type { Kind } from "./asks.ts";
import type { Counts } from "./count.ts";
import { load } from "./load.ts";

/** The port in the programs, as people have it; here each gets a free one. */
const PORT = "8000";

/** In milliseconds, for a program to start. */
const START_LIMIT = 30_000;

/** What it takes to start a program. */
export interface Launch {
  readonly runtime: Runtime;
  /** The project's folder, and the program's file in it. */
  readonly project: string;
  readonly file: string;
  /** Whether the program is one for `deno serve`. */
  readonly served?: boolean;
  readonly tls?: boolean;
}

/** Loads the program, and returns what it has counted, and the answers. */
export async function loadServer(launch: Launch, kinds: readonly Kind[]): Promise<Counts> {
  const port = freePort();
  const origin = `${launch.tls ? "https" : "http"}://127.0.0.1:${port}`;
  const [command, ...args] = await commandOf(launch, port);
  const server = new Deno.Command(command!, {
    args,
    cwd: launch.project,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = new Response(server.stdout).text();
  const complaint = new Response(server.stderr).text();
  try {
    await Promise.race([listening(port), server.status.then(failed)]);
    const answers = await load(origin, kinds);
    if (launch.runtime.name === "workerd") {
      const counts = await (await fetch(`${origin}/counts`)).json();
      return { ...counts, ...answers };
    }
    await server.stdin.close();
    return { ...JSON.parse((await output).trimEnd().split("\n").at(-1)!), ...answers };
  } finally {
    end(server);
    await server.status;
  }

  async function failed(): Promise<never> {
    throw new Error(`it does not start: ${await complaint}`);
  }
}

/** Puts the port into the program, with what prints its counts, and returns how to start it. */
async function commandOf(
  { runtime, project, file, served }: Launch,
  port: number,
): Promise<string[]> {
  if (runtime.name === "workerd") {
    const bundled = join(project, "worker.mjs");
    await deno(["bundle", "--quiet", "--output", bundled, join(project, file)], { cwd: project });
    const config = join(project, "worker.capnp");
    const text = await Deno.readTextFile(new URL("worker.capnp", import.meta.url));
    await Deno.writeTextFile(config, text.replace(PORT, String(port)));
    return [...runtime.command, "serve", config];
  }
  const path = join(project, file);
  const text = await Deno.readTextFile(path);
  const report = relative(dirname(file), "report.ts").replaceAll("\\", "/");
  await Deno.writeTextFile(path, `${text.replace(PORT, String(port))}\nimport "${report}";\n`);
  if (runtime.title === "Node.js 20") { // it reads no TypeScript
    const outfile = join(project, "program.mjs");
    await build({
      entryPoints: [path],
      outfile,
      bundle: true,
      packages: "external",
      format: "esm",
    });
    return [...runtime.command, outfile];
  }
  return served && runtime.name === "Deno"
    ? [runtime.command[0]!, "serve", "-A", "--host=127.0.0.1", `--port=${port}`, file]
    : [...runtime.command, file];
}

export async function listening(port: number): Promise<void> {
  const limit = performance.now() + START_LIMIT;
  while (performance.now() < limit) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(`it does not listen in ${START_LIMIT / 1000} s`);
}

export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function end(server: Deno.ChildProcess): void {
  try {
    server.kill("SIGKILL");
  } catch { // it has ended by itself
  }
}
