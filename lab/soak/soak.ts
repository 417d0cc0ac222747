/**
 * Runs tasks and a server under load side by side, in rounds, and looks for a value in the wrong
 * task, for a heap that grows, and for values that outlive their tasks.
 *
 *     deno task soak [--seconds 60] [--seed 1]
 *
 * Ends with 0 if there was nothing to be found, else with 1; with 2 where it cannot run.
 */

import { readOptions } from "../options.ts";
import { Random } from "../../tests/random.ts";
import { SoakServer } from "./server.ts";
import { Tally } from "./tally.ts";
import { soakTasks } from "./tasks.ts";

const TASKS_A_ROUND = 10_000;
const REQUESTS_A_ROUND = 1_000;
const FEWEST_ROUNDS = 4;

/** The first rounds compile code and fill caches: the heap counts from there on. */
const WARM_UP_ROUNDS = 2;
const MOST_GROWTH = 4_000_000;

const { seconds, seed } = readOptions("soak", 1);
const gc = (globalThis as { gc?: () => void }).gc;
if (gc === undefined) {
  console.error("cannot soak without gc(): use deno task soak, or --v8-flags=--expose-gc");
  Deno.exit(2);
}

const tally = new Tally();
const heaps: number[] = [];
const start = performance.now();
const elapsed = () => (performance.now() - start) / 1000;

{
  await using server = new SoakServer(tally);
  const random = new Random(seed);
  while (heaps.length < FEWEST_ROUNDS || elapsed() < seconds) {
    await Promise.all([
      soakTasks(TASKS_A_ROUND, random, tally),
      server.soak(REQUESTS_A_ROUND, random),
    ]);
    heaps.push(await heapAfterCollection(gc));
    report();
  }
}

const { aborts, leaves } = tally.cancelled;
const kept = tally.made.filter((ref) => ref.deref() !== undefined).length;
const growth = heaps.at(-1)! - heaps[WARM_UP_ROUNDS - 1]!;
console.log(`bodies cancelled: ${aborts} while they were sent, ${leaves} before`);
console.log(
  `bleeds ${tally.bleeds}, heap growth since round ${WARM_UP_ROUNDS} ${megabytes(growth)}, ` +
    `values of finished tasks kept ${kept} of ${tally.made.length}`,
);
const found = tally.bleeds > 0 || growth > MOST_GROWTH || kept > 0;
const missed = aborts === 0 || leaves === 0;
if (missed) {
  console.error("the soak has missed its aim: one kind of client has never left");
}
if (found || missed) Deno.exit(1);

/** Returns the size of the heap after all that can be collected was. */
async function heapAfterCollection(gc: () => void): Promise<number> {
  for (let times = 0; times < 3; times++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    gc();
  }
  return Deno.memoryUsage().heapUsed;
}

function report(): void {
  const counts = `requests ${tally.requests}, tasks ${tally.tasks}, bleeds ${tally.bleeds}`;
  console.log(`${elapsed().toFixed(0).padStart(4)} s: ${counts}, heap ${megabytes(heaps.at(-1)!)}`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
