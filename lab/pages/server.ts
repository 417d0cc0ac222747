/** A server, running on this machine. */

import { build } from "npm:esbuild@0.25.12";
import { join } from "node:path";
import { deno } from "../../tests/command.ts";
import type { Runtime } from "../runtimes/install.ts";
import { workerConfig } from "../runtimes/worker_config.ts";
import { load } from "./load.ts";
import type { Counts } from "./programs/shared/count.ts";

/** The port in the programs, as people have it; here each gets a free one. */
const PORT = "8000";

/** In milliseconds, for a program to start. */
const START_LIMIT = 30_000;

/** Prints what was counted, when the load is over. */
const REPORT = '\nimport "../shared/report.ts";\n';

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
  await using server = new Deno.Command(command!, { ...options, ...pipes }).spawn();
  const stdout = new Response(server.stdout).text();
  const stderr = new Response(server.stderr).text();
  const failed = async () => {
    throw new Error(`it does not start: ${await stderr}`);
  };
  await Promise.race([listening(port), server.status.then(failed)]);
  const answers = await load(origin, asked);
  await server.stdin.close();
  const isWorker = launch.runtime.name === "workerd";
  const counts = isWorker
    ? await (await fetch(`${origin}/counts`)).text()
    : (await stdout).trimEnd().split("\n").at(-1)!;
  if (isWorker) server.kill();
  return { counts: { ...JSON.parse(counts), ...answers }, stderr: await stderr };
}

/** Writes the program with the port and what prints its counts, and returns how to start it. */
async function commandOf({ runtime, project, file, text }: Launch, port: string) {
  const isWorker = runtime.name === "workerd";
  const path = join(project, file);
  const outfile = join(project, "bundle.mjs");
  await Deno.writeTextFile(path, text.replace(PORT, port) + (isWorker ? "" : REPORT));
  if (isWorker) {
    await deno(["bundle", "--quiet", "--output", outfile, path], { cwd: project });
    const config = workerConfig("bundle.mjs", "2024-09-23", ["nodejs_als"]);
    await Deno.writeTextFile(join(project, "worker.capnp"), config);
    return [...runtime.command, "serve", "worker.capnp", `--socket-addr=http=127.0.0.1:${port}`];
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
