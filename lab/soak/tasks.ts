/** Tasks by the thousand at once, with random awaits and variables that nobody resets. */

import { ContextVar, createTask } from "@contextvars/contextvars";
import type { Random } from "../../tests/random.ts";
import { note, Payload, type Tally } from "./tally.ts";

const AT_ONCE = 1_000;

const user = new ContextVar<Payload | undefined>("user", { default: undefined });
const step = new ContextVar("step", { default: 0 });
const trail = new ContextVar("trail", { defaultFactory: (): string[] => [] });

/** What a task may wait for. */
const WAITS: (() => unknown)[] = [
  () => undefined,
  () => Promise.resolve(),
  () => new Promise<void>(queueMicrotask),
  () => new Promise((resolve) => setTimeout(resolve, 0)),
  () => new Promise((resolve) => setImmediate(resolve)),
  async () => {
    for await (const _ of [1, 2]);
  },
  () => ({ then: (resolve: () => void) => setTimeout(resolve, 0) }),
];

/** Runs so many tasks, in batches under Promise.all, and counts what they saw. */
export async function soakTasks(count: number, random: Random, tally: Tally): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, () => createTask(work, random, tally, undefined, 0)),
    );
    tally.tasks += AT_ONCE;
  }
}

/** Sets a user of its own, or none, and checks after each wait that nothing else is there. */
async function work(
  random: Random,
  tally: Tally,
  inherited: Payload | undefined,
  depth: number,
): Promise<void> {
  const check = (expected: Payload | undefined) => note(tally, user.get(), expected);
  check(inherited);
  await random.pick(WAITS)();
  check(inherited);
  const own = random.chance(80) ? new Payload(tally) : inherited;
  const token = own === inherited ? undefined : user.set(own);
  for (let turns = random.below(4); turns >= 0; turns--) {
    step.set(turns);
    await random.pick(WAITS)();
    check(own);
    note(tally, step.get(), turns);
  }
  await addToTrail(`${depth}`);
  if (depth < 2 && random.chance(20)) await createTask(work, random, tally, own, depth + 1);
  check(own);
  note(tally, trail.get().at(-1), `${depth}`);
  if (token === undefined || random.chance(70)) return;
  user.reset(token);
  check(inherited);
}

/** Sets for its awaiter, after a wait of its own. */
async function addToTrail(line: string): Promise<void> {
  await Promise.resolve();
  trail.set([...trail.get(), line]);
}
