/**
 * Starts the peers, has them check themselves, and measures them side by side.
 *
 * Each peer has a process of its own on each runtime. A round asks all of them, one after the other,
 * and each round begins with another one: what slows the machine down for a while slows all down.
 */

import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { installRuntimes } from "../../tests/runtimes/install.ts";
import type { Figures, Row } from "./figures.ts";
import { type Description, PeerProcess } from "./process.ts";

/** Of Node.js, the version that the bars are for. */
const NODE_VERSION = "24";
const ROUNDS = 21;
/** Rounds that do not count: in these the compilers work. */
const WARM_UP_ROUNDS = 3;

const PEERS = [
  "contextvars",
  "mutable_map",
  "run_map",
  "enter_with",
  "opentelemetry",
  "nestjs_cls",
  "unctx",
];

/** What the packages import only where it is installed. */
const OPTIONAL_PACKAGES = [
  "class-transformer",
  "class-validator",
  "@nestjs/microservices",
  "@nestjs/microservices/*",
  "@nestjs/platform-express",
  "@nestjs/websockets/*",
];

const MAIN = [
  "get",
  "set",
  "set + reset",
  "copy",
  "copy + enter + set",
  "task",
];

/** The numbers of variables, and what is measured with each. */
const OPERATIONS: ReadonlyMap<number, readonly string[]> = new Map([
  [1, ["copy + enter + set"]],
  [10, [...MAIN, "run", "run, 10 deep", "run, 100 deep"]],
  [100, ["copy + enter + set"]],
  [1_000, MAIN],
  [10_000, MAIN],
]);

/** With this number of variables the copies are weighed. */
const WEIGHED = 10;

/** Measures everything. Takes some minutes. */
export async function measure(): Promise<Figures> {
  const folder = await Deno.makeTempDir();
  try {
    const commands = [...denoCommands(), ...await nodeCommands(folder), ...await pythonCommands()];
    const figures: Figures = {
      load: loadavg()[0]!,
      packages: await packages(),
      peers: [],
      rows: [],
      weights: [],
    };
    for (const variables of OPERATIONS.keys()) {
      const processes = commands.map((command) => new PeerProcess(command, variables));
      try {
        await measureWith(processes, variables, figures);
      } finally {
        for (const process of processes) process[Symbol.dispose]();
      }
    }
    return figures;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function measureWith(
  processes: readonly PeerProcess[],
  variables: number,
  figures: Figures,
): Promise<void> {
  const peers: Description[] = [];
  for (const process of processes) peers.push(await process.check());
  for (const operation of OPERATIONS.get(variables)!) {
    console.log(`${operation}, ${variables} variables`);
    figures.rows.push(...await rounds(processes, peers, operation, variables));
  }
  if (variables !== WEIGHED) return;
  figures.peers.push(...peers);
  for (const [index, { name, runtime, operations }] of peers.entries()) {
    if (!operations.includes("copy")) continue;
    const process = processes[index]!;
    await process.weigh(); // the first copies bring compiled code with them
    figures.weights.push({ peer: name, runtime, ...await process.weigh() });
  }
}

async function rounds(
  processes: readonly PeerProcess[],
  peers: readonly Description[],
  operation: string,
  variables: number,
): Promise<Row[]> {
  const asked = processes.filter((_, index) => peers[index]!.operations.includes(operation));
  const rows = peers.filter((peer) => peer.operations.includes(operation))
    .map(({ name, runtime }): Row => (
      { peer: name, runtime, operation, variables, rounds: [] }
    ));
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (let turn = 0; turn < asked.length; turn++) {
      const index = (turn + round + WARM_UP_ROUNDS) % asked.length;
      const nanoseconds = await asked[index]!.measure(operation);
      if (round >= 0) rows[index]!.rounds.push(nanoseconds);
    }
  }
  return rows;
}

function denoCommands(): string[][] {
  return PEERS.map((peer) => [
    Deno.execPath(),
    "run",
    "-A",
    "--v8-flags=--expose-gc",
    pathOf(`./${peer}.ts`),
  ]);
}

/** Bundles the peers for Node.js, which knows no `npm:`. */
async function nodeCommands(folder: string): Promise<string[][]> {
  const { available } = await installRuntimes();
  const node = available.find(({ name, version }) =>
    name === "Node.js" && version.startsWith(`${NODE_VERSION}.`)
  );
  if (node === undefined) {
    console.log(`skipped: Node.js ${NODE_VERSION} is not there`);
    return [];
  }
  return await Promise.all(PEERS.map(async (peer) => {
    const bundle = `${folder}/${peer}.mjs`;
    await run([
      Deno.execPath(),
      "bundle",
      "--quiet",
      ...OPTIONAL_PACKAGES.map((name) => `--external=${name}`),
      `--output=${bundle}`,
      pathOf(`./${peer}.ts`),
    ]);
    return [...node.command, "--expose-gc", bundle];
  }));
}

/** Returns the packages that the peers import, with their versions. */
async function packages(): Promise<string[]> {
  const texts = await Promise.all(
    PEERS.map((peer) => Deno.readTextFile(pathOf(`./${peer}.ts`))),
  );
  return texts.flatMap((text) => [...text.matchAll(/"npm:(.+)"/g)].map(([, name]) => name!));
}

async function pythonCommands(): Promise<string[][]> {
  try {
    await run(["python3", "--version"]);
  } catch {
    console.log("skipped: python3 is not there");
    return [];
  }
  return [["python3", pathOf("./cpython.py")]];
}

async function run([program, ...args]: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program!, { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

function pathOf(file: string): string {
  return fileURLToPath(import.meta.resolve(file));
}
