/** Tasks by the thousand at once, with random awaits and variables that nobody resets. */

import { ContextVar, createTask } from "@contextvars/contextvars";
import type { Random } from "../random.ts";
import type { Payload, Tally } from "./tally.ts";

const AT_ONCE = 1_000;

const user = new ContextVar<Payload | undefined>("user", { default: undefined });
const trail = new ContextVar("trail", { defaultFactory: (): number[] => [] });

/** What a task may wait for. */
const WAITS: (() => unknown)[] = [
  () => undefined,
  () => Promise.resolve(),
  () => new Promise<void>(queueMicrotask),
  () => new Promise((resolve) => setTimeout(resolve, 0)),
  () => new Promise((resolve) => setImmediate(resolve)),
  () => Array.fromAsync([1, 2]),
  () => ({ then: (resolve: () => void) => setTimeout(resolve, 0) }),
];

/** Runs so many tasks, in batches under Promise.all, and counts what they saw. */
export async function soakTasks(count: number, random: Random, tally: Tally): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => createTask(work, random, tally, 0)));
    tally.tasks += AT_ONCE;
  }
}

/** Sets a user of its own, or none, and checks after each wait that nothing else is there. */
async function work(random: Random, tally: Tally, depth: number, inherited?: Payload) {
  const check = (expected?: Payload) => tally.note(user.get(), expected);
  check(inherited);
  await random.pick(WAITS)();
  check(inherited);
  const own = random.chance(80) ? tally.payload() : inherited;
  const token = own === inherited ? undefined : user.set(own);
  for (let turns = random.below(4); turns >= 0; turns--) {
    await random.pick(WAITS)();
    check(own);
  }
  await addToTrail(depth);
  if (depth < 2 && random.chance(20)) await createTask(work, random, tally, depth + 1, own);
  check(own);
  tally.note(trail.get().at(-1), depth);
  if (token === undefined || random.chance(70)) return;
  user.reset(token);
  check(inherited);
}

/** Sets for its awaiter, after a wait of its own. */
async function addToTrail(depth: number): Promise<void> {
  await Promise.resolve();
  trail.set([...trail.get(), depth]);
}
