/** A server, running on this machine. */

import { build } from "npm:esbuild@0.25.12";
import { join } from "node:path";
import { deno } from "../../tests/command.ts";
import type { Runtime } from "../runtimes/install.ts";
import { load } from "./load.ts";
import type { Counts } from "./programs/shared/count.ts";

/** The port in the programs, as people have it; here each gets a free one. */
const PORT = "8000";

/** In milliseconds, for a program to start. */
const START_LIMIT = 30_000;

/** Prints what was counted, when the load is over. */
const REPORT = '\nimport "../shared/report.ts";\n';

const WORKER = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "program", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:${PORT}", http = (), service = "program")],
);
const worker :Workerd.Worker = (
  modules = [(name = "bundle.mjs", esModule = embed "bundle.mjs")],
  compatibilityDate = "2024-09-23",
  compatibilityFlags = ["nodejs_als"],
);`;

/** What it takes to start a program. */
export interface Launch {
  readonly runtime: Runtime;
  /** The project's folder, the program's file in it, and the text to run. */
  readonly project: string;
  readonly file: string;
  readonly text: string;
}

/** Loads a server; returns what it and the load have counted, and what it complains about. */
export async function loadServer(
  launch: Launch,
  asked: readonly string[],
): Promise<{ counts: Counts; stderr: string }> {
  const port = freePort();
  const scheme = /"node:http(s|2)"/.test(launch.text) ? "https" : "http";
  const origin = `${scheme}://127.0.0.1:${port}`;
  const [command, ...args] = await commandOf(launch, String(port));
  const options = { args, cwd: launch.project, env: { NO_COLOR: "1" } } as const;
  const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const server = new Deno.Command(command!, { ...options, ...pipes }).spawn();
  const stdout = new Response(server.stdout).text();
  const stderr = new Response(server.stderr).text();
  const failed = async () => {
    throw new Error(`it does not start: ${await stderr}`);
  };
  try {
    await Promise.race([listening(port), server.status.then(failed)]);
    const answers = await load(origin, asked);
    await server.stdin.close();
    const counts = launch.runtime.name === "workerd"
      ? await (await fetch(`${origin}/counts`)).text()
      : (await stdout).trimEnd().split("\n").at(-1)!;
    end(server);
    return { counts: { ...JSON.parse(counts), ...answers }, stderr: await stderr };
  } finally {
    end(server);
    await server.status;
  }
}

/** Writes the program with the port and what prints its counts, and returns how to start it. */
async function commandOf({ runtime, project, file, text }: Launch, port: string) {
  const isWorker = runtime.name === "workerd";
  const path = join(project, file);
  const outfile = join(project, "bundle.mjs");
  await Deno.writeTextFile(path, text.replace(PORT, port) + (isWorker ? "" : REPORT));
  if (isWorker) {
    await deno(["bundle", "--quiet", "--output", outfile, path], { cwd: project });
    await Deno.writeTextFile(join(project, "worker.capnp"), WORKER.replace(PORT, port));
    return [...runtime.command, "serve", "worker.capnp"];
  }
  if (runtime.title === "Node.js 20") { // it reads no TypeScript
    await build({
      entryPoints: [path],
      outfile,
      bundle: true,
      packages: "external",
      format: "esm",
    });
    return [...runtime.command, outfile];
  }
  return runtime.name === "Deno" && text.includes("\nexport default ")
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
