/**
 * Measures what contexts cost a whole server: each framework without a context, with a Map in an
 * `AsyncLocalStorage`, and with this module.
 *
 *     deno task bench:server
 *
 * Each server has a process of its own. A round sends all of them the same requests, one server after
 * the other, and each round begins with another one.
 */

import { fileURLToPath } from "node:url";
import { median } from "../peers/figures.ts";
import { AnsweringProcess } from "../peers/process.ts";

const SERVER = fileURLToPath(import.meta.resolve("./server.ts"));
const FRAMEWORKS = ["Deno.serve", "hono"];
/** The second is what the others are compared with. */
const CARRIERS = ["no context", "AsyncLocalStorage", "contextvars"];
const BASELINE = "AsyncLocalStorage";

const ROUNDS = 25;
const WARM_UP_ROUNDS = 5;
/** The requests of a round, and how many of them are under way at once. */
const REQUESTS = 2_000;
const CONNECTIONS = 16;

/** What the rounds of one server took. */
export interface ServerRow {
  readonly framework: string;
  readonly carrier: string;
  /** The processor's microseconds for one request, in each round. */
  readonly cpu: number[];
  /** The requests a second, in each round. */
  readonly throughput: number[];
}

/** Measures all servers. Takes about a minute. */
export async function measureServers(): Promise<ServerRow[]> {
  const rows: ServerRow[] = [];
  for (const framework of FRAMEWORKS) {
    console.log(`${framework} as a server`);
    rows.push(...await measureFramework(framework));
  }
  return rows;
}

async function measureFramework(framework: string): Promise<ServerRow[]> {
  using stack = new DisposableStack();
  const servers = await Promise.all(CARRIERS.map(async (carrier) => {
    const row: ServerRow = { framework, carrier, cpu: [], throughput: [] };
    const command = [Deno.execPath(), "run", "-A", SERVER, framework, carrier];
    const process = stack.use(new AnsweringProcess(command));
    return { row, process, port: await process.ask<number>("port") };
  }));
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    for (let turn = 0; turn < servers.length; turn++) {
      const { row, process, port } = servers[(turn + round) % servers.length]!;
      const [cpu, throughput] = await load(process, port);
      if (round < WARM_UP_ROUNDS) continue;
      row.cpu.push(cpu);
      row.throughput.push(throughput);
    }
  }
  return servers.map(({ row }) => row);
}

/** Returns the table of what was measured, in Markdown. */
export function serverTable(rows: readonly ServerRow[]): string[] {
  const lines = rows.map((row) => {
    const baseline = rows.find(({ framework, carrier }) =>
      framework === row.framework && carrier === BASELINE
    )!;
    return [
      row.framework,
      row.carrier,
      median(row.cpu).toFixed(1),
      spread(row.cpu, baseline.cpu),
      Math.round(median(row.throughput)),
      spread(row.throughput, baseline.throughput),
    ];
  });
  const head = ["server", "with", "CPU, µs", "ratio", "requests a second", "ratio"];
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`);
}

/** Returns the median of the ratios of each round, and in brackets their middle half. */
function spread(values: readonly number[], baseline: readonly number[]): string {
  if (values === baseline) return "1";
  const ratios = values.map((value, round) => value / baseline[round]!).sort((a, b) => a - b);
  const quarter = ratios.length >> 2;
  const [low, high] = [ratios[quarter]!, ratios.at(-1 - quarter)!];
  return `${median(ratios).toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** Sends a server the requests of one round. */
async function load(process: AnsweringProcess, port: number): Promise<[cpu: number, rate: number]> {
  const before = await process.ask<number>("cpu");
  const start = performance.now();
  let sent = 0;
  const connection = async () => {
    while (sent < REQUESTS) {
      sent++;
      const response = await fetch(`http://127.0.0.1:${port}/`);
      if (!response.ok) throw new Error(`a server has answered with ${response.status}`);
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const seconds = (performance.now() - start) / 1_000;
  return [(await process.ask<number>("cpu") - before) / REQUESTS, REQUESTS / seconds];
}

if (import.meta.main) console.log(serverTable(await measureServers()).join("\n"));
