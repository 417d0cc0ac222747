/**
 * Starts the peers, has them check themselves, and measures them side by side.
 *
 * Each peer has a process of its own on each runtime. A round asks all of them, one after the other,
 * and each round begins with another one: what slows the machine down for a while slows all down.
 */

import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { deno, outputOf } from "../../../tests/command.ts";
import { installRuntimes } from "../../runtimes/install.ts";
import { type Figures, find, type Row } from "./figures.ts";
import { AnsweringProcess, type Description, type Weight } from "./process.ts";

/** Of Node.js, the version that is measured. */
const NODE = "Node.js 24";
/** How many times the processes start anew: V8 does not compile the same way each time. */
const STARTS = 5;
/** In each of them. */
const ROUNDS = 7;
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
  [1, ["copy + enter + set", "request"]],
  [5, ["request"]],
  // On Deno any `run` is slower in a process that has entered new stores before, and one peer never
  // does: so these come first.
  [10, ["run", "run, 10 deep", "run, 100 deep", ...MAIN]],
  [20, ["request"]],
  [100, ["copy + enter + set"]],
  [1_000, MAIN],
  [10_000, MAIN],
]);

/** What is weighed, with how many variables. */
const WEIGHED: ReadonlyMap<number, string> = new Map([
  [5, "a context"],
  [10, "a copy with one set"],
]);

/** A peer that does what it says. */
interface CheckedPeer extends Description {
  readonly process: AnsweringProcess;
}

/** Measures everything. Takes some minutes. */
export async function measure(): Promise<Figures> {
  const folder = await Deno.makeTempDir();
  try {
    const commands = [...denoCommands(), ...await nodeCommands(folder), ...await pythonCommands()];
    const figures: Figures = {
      starts: STARTS,
      roundsOfStart: ROUNDS,
      load: loadavg()[0]!,
      packages: await packages(),
      peers: [],
      rows: [],
      weights: [],
    };
    for (const [variables, operations] of OPERATIONS) {
      for (let start = 1; start <= STARTS; start++) {
        await withPeers(commands, variables, async (peers) => {
          figures.peers = peers.map(({ process: _, ...description }) => description);
          for (const operation of operations) {
            console.log(`${operation}, ${variables} variables, start ${start} of ${STARTS}`);
            await measureRounds(peers, operation, variables, figures);
          }
        });
      }
    }
    for (const [variables, what] of WEIGHED) {
      await withPeers(commands, variables, (peers) => weigh(peers, what, variables, figures));
    }
    return figures;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Starts the peers, has each check itself, hands them over, and ends them. */
async function withPeers(
  commands: readonly string[][],
  variables: number,
  use: (peers: readonly CheckedPeer[]) => Promise<void>,
): Promise<void> {
  using stack = new DisposableStack();
  const peers: CheckedPeer[] = [];
  for (const command of commands) {
    const process = stack.use(new AnsweringProcess([...command, String(variables)]));
    peers.push({ process, ...await process.ask<Description>("check") });
  }
  await use(peers);
}

async function measureRounds(
  peers: readonly CheckedPeer[],
  operation: string,
  variables: number,
  figures: Figures,
): Promise<void> {
  const asked = peers.filter(({ operations }) => operations.includes(operation));
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (let turn = 0; turn < asked.length; turn++) {
      const peer = asked[(turn + round + WARM_UP_ROUNDS) % asked.length]!;
      const nanoseconds = await peer.process.ask<number>(operation);
      if (round >= 0) rowOf(figures, peer, operation, variables).rounds.push(nanoseconds);
    }
  }
}

function rowOf(figures: Figures, peer: Description, operation: string, variables: number): Row {
  const { name, runtime } = peer;
  const found = find(figures, name, runtime, operation, variables);
  if (found !== undefined) return found;
  const row: Row = { peer: name, runtime, operation, variables, rounds: [] };
  figures.rows.push(row);
  return row;
}

async function weigh(
  peers: readonly CheckedPeer[],
  what: string,
  variables: number,
  figures: Figures,
): Promise<void> {
  for (const { process, name, runtime, operations } of peers) {
    if (!operations.includes("copy")) continue;
    const weigh = () => process.ask<Weight>(`bytes of ${what}`);
    await weigh(); // the first contexts bring compiled code with them
    figures.weights.push({ peer: name, runtime, what, variables, ...await weigh() });
  }
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
  const { available: [node], skipped } = await installRuntimes([NODE]);
  for (const { name, why } of skipped) console.log(`skipped: ${name}: ${why}`);
  if (node === undefined) return [];
  return await Promise.all(PEERS.map(async (peer) => {
    const bundle = `${folder}/${peer}.mjs`;
    await deno([
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
    await outputOf(["python3", "--version"]);
  } catch {
    console.log("skipped: python3 is not there");
    return [];
  }
  return [["python3", pathOf("./cpython.py")]];
}

function pathOf(file: string): string {
  return fileURLToPath(import.meta.resolve(file));
}
