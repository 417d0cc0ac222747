/** The loops with a `Map` in an `AsyncLocalStorage`: it is copied where a task starts. */

import { AsyncLocalStorage } from "node:async_hooks";
import { GETS, MASK, nothing, shuffled, type Subject } from "./subject.ts";

let last: unknown;
let sum = 0;

export function map(length: number): Subject {
  const storage = new AsyncLocalStorage<Map<object, number>>();
  const keys = Array.from({ length }, (_, i) => ({ i }));
  const order = shuffled(keys);
  const unset = {};
  const empty = new Map<object, number>();
  const handle = () => {
    for (let i = 0; i < length; i++) storage.getStore()!.set(keys[i]!, i + 1);
    for (let i = 0; i < GETS; i++) sum += storage.getStore()!.get(keys[i % length]!)!;
  };
  return {
    start: (fn) => storage.run(new Map(keys.map((key) => [key, key.i])), fn),
    request(times) {
      for (let i = 0; i < times; i++) storage.run(new Map(), handle);
    },
    operations: {
      "run"(times) {
        for (let i = 0; i < times; i++) storage.run(empty, nothing);
      },
      "get"(times) {
        for (let i = 0; i < times; i++) last = storage.getStore()!.get(order[i & MASK]!);
      },
      "set"(times) {
        for (let i = 0; i < times; i++) storage.getStore()!.set(order[i & MASK]!, i);
      },
      "set + reset"(times) {
        for (let i = 0; i < times; i++) {
          const key = order[i & MASK]!;
          const map = storage.getStore()!;
          const old = map.get(key)!;
          map.set(key, i);
          storage.getStore()!.set(key, old);
        }
      },
      "set + reset, unset before"(times) {
        for (let i = 0; i < times; i++) {
          storage.getStore()!.set(unset, i);
          storage.getStore()!.delete(unset);
        }
      },
      "copy"(times) {
        for (let i = 0; i < times; i++) last = new Map(storage.getStore());
      },
      "copy + enter + set"(times) {
        for (let i = 0; i < times; i++) {
          storage.run(new Map(storage.getStore()), () => {
            storage.getStore()!.set(order[i & MASK]!, i);
          });
        }
      },
    },
    copyWithSet(value) {
      const copy = new Map(storage.getStore());
      storage.run(copy, () => storage.getStore()!.set(keys[0]!, value));
      return copy;
    },
    task: (fn) => storage.run(new Map(storage.getStore()), fn),
    handler: (fn) => () => storage.run(new Map(), fn),
    set: (i, value) => void storage.getStore()!.set(keys[i]!, value),
    get: (i) => storage.getStore()!.get(keys[i]!)!,
    result: () => [last, sum],
  };
}
