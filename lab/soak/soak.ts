/**
 * Runs tasks and a server under load side by side, in rounds, and looks for a value in the wrong
 * task, for a heap that grows, and for values that outlive their tasks.
 *
 *     deno task soak [--seconds 60] [--seed 1]
 *
 * Ends with 0 if there was nothing to be found, else with 1.
 */

import { collectGarbage } from "../../tests/collect_garbage.ts";
import { Random } from "../random.ts";
import { readOptions } from "../options.ts";
import { soakServer } from "./server.ts";
import { Tally } from "./tally.ts";
import { soakTasks } from "./tasks.ts";

const TASKS_A_ROUND = 10_000;
const REQUESTS_A_ROUND = 1_000;
const FEWEST_ROUNDS = 4;

/** The first rounds compile code and fill caches: the heap counts from there on. */
const WARM_UP_ROUNDS = 2;
const MOST_GROWTH = 4_000_000;

const { seconds, seed } = readOptions(1);
const random = new Random(seed);
const tally = new Tally();
const heaps: number[] = [];
const start = performance.now();
const elapsed = () => (performance.now() - start) / 1000;

while (heaps.length < FEWEST_ROUNDS || elapsed() < seconds) {
  await Promise.all([
    soakTasks(TASKS_A_ROUND, random, tally),
    soakServer(REQUESTS_A_ROUND, random, tally),
  ]);
  await collectGarbage();
  heaps.push(Deno.memoryUsage().heapUsed);
  const counts = `requests ${tally.requests}, tasks ${tally.tasks}, bleeds ${tally.bleeds}`;
  console.log(`${elapsed().toFixed(0).padStart(4)} s: ${counts}, heap ${megabytes(heaps.at(-1)!)}`);
}

const { bleeds, left, cancelled, made } = tally;
const kept = made.filter((ref) => ref.deref() !== undefined).length;
const growth = heaps.at(-1)! - heaps[WARM_UP_ROUNDS - 1]!;
console.log(
  `clients that left ${left}, bodies cancelled ${cancelled}, bleeds ${bleeds}, ` +
    `heap growth since round ${WARM_UP_ROUNDS} ${megabytes(growth)}, ` +
    `values of finished tasks kept ${kept} of ${made.length}`,
);
const missed = left === 0 || cancelled < left;
if (missed || bleeds > 0 || growth > MOST_GROWTH || kept > 0) Deno.exit(1);

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
