/**
 * Each operation against the bare runtime, for a quick look with `deno lab/bench`.
 *
 * The baselines are what one would write by hand: a Map in an AsyncLocalStorage, copied where a task
 * starts. An iteration is a thousand operations. All that is measured here shares one process, and
 * the compilers' assumptions with it: peers/ is more exact.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { Context, ContextVar, copyContext, createTask } from "../../mod.ts";

const BATCH = 1_000;
const SIZES = [10, 1_000, 10_000];
/** To copy a larger Map a thousand times takes half a second. */
const COPIED_SIZES = [10, 1_000];

const storage = new AsyncLocalStorage<Map<object, string>>();

const all = Array.from(
  { length: Math.max(...SIZES) },
  (_, index) => new ContextVar<string>(`variable${index}`),
);

for (const size of SIZES) {
  compare(
    `get, ${size} variables`,
    size,
    (variables) => variables.map(getFromMap),
    (variables) => variables.map((variable) => variable.get()),
  );
  compare(
    `set, ${size} variables`,
    size,
    (variables) => variables.forEach((variable) => setInMap(variable, "b")),
    (variables) => variables.forEach((variable) => variable.set("b")),
  );
  compare(
    `set + reset, ${size} variables`,
    size,
    (variables) =>
      variables.forEach((variable) => {
        const old = getFromMap(variable);
        setInMap(variable, "b");
        setInMap(variable, old);
      }),
    (variables) => variables.forEach((variable) => variable.reset(variable.set("b"))),
  );
}

for (const size of COPIED_SIZES) {
  compare(
    `copy, ${size} variables`,
    size,
    (variables) => variables.map(copyMap),
    (variables) => variables.map(copyContext),
  );
  compare(
    `copy + enter + set, ${size} variables`,
    size,
    (variables) =>
      variables.forEach((variable) => storage.run(copyMap(), () => setInMap(variable, "b"))),
    (variables) => variables.forEach((variable) => copyContext().run(() => variable.set("b"))),
  );
  compare(
    `task, ${size} variables`,
    size,
    (variables) =>
      Promise.all(variables.map((variable) =>
        storage.run(copyMap(), async () => {
          setInMap(variable, "b");
          await undefined;
          return getFromMap(variable);
        })
      )),
    (variables) =>
      Promise.all(variables.map((variable) =>
        createTask(async () => {
          variable.set("b");
          await undefined;
          return variable.get();
        })
      )),
  );
}

const map = new Map<object, string>();
const context = new Context();
compare(
  "run of an empty function",
  1,
  (variables) => variables.forEach(() => storage.run(map, nothing)),
  (variables) => variables.forEach(() => context.run(nothing)),
);

/** Registers a group: `byHand` in a run of a Map, `ours` in a context, with `size` values each. */
function compare(
  group: string,
  size: number,
  byHand: (variables: ContextVar<string>[]) => unknown,
  ours: (variables: ContextVar<string>[]) => unknown,
): void {
  const set = all.slice(0, size);
  const variables = Array.from({ length: BATCH }, (_, index) => set[(index * 7_919) % size]!);
  const values = new Map<object, string>(set.map((variable) => [variable, "a"]));
  const context = new Context();
  context.run(() => set.forEach((variable) => variable.set("a")));
  Deno.bench(`${group}: AsyncLocalStorage and Map`, { group, baseline: true }, async () => {
    await storage.run(values, () => byHand(variables));
  });
  Deno.bench(`${group}: contextvars`, { group }, async () => {
    await context.run(() => ours(variables));
  });
}

function getFromMap(key: object): string {
  return storage.getStore()!.get(key)!;
}

function setInMap(key: object, value: string): void {
  storage.getStore()!.set(key, value);
}

function copyMap(): Map<object, string> {
  return new Map(storage.getStore());
}

function nothing(): void {}
