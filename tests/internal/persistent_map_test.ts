/** The persistent map against Map; its equal numbers and its old versions. */

import { assertEquals, assertThrows } from "@std/assert";
import fc from "npm:fast-check@4.10.2";
import { ABSENT, PersistentMap } from "../../internal/persistent_map.ts";
import { test } from "../helpers.ts";

/** The key of a number: one object each. */
const keys = new Map<number, object>();

function keyOf(number: number): object {
  const key = keys.get(number) ?? { number };
  keys.set(number, key);
  return key;
}

/** Where leaves and branches begin and end, for trees of every depth. */
const edges = [0, 5, 10, 15, 20, 25, 30, 31, 32]
  .flatMap((power) => [2 ** power - 1, 2 ** power, 2 ** power + 1, 3 * 2 ** power])
  .filter((number) => number < 2 ** 32);

const anyNumber = fc.oneof(
  fc.nat(9),
  fc.nat(99),
  fc.constantFrom(...edges),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
);

const anyStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("set" as const), number: anyNumber }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("delete" as const), number: anyNumber }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("copy" as const), number: anyNumber }) },
);

/** A version of the map, and what it must hold. */
interface Version {
  readonly map: PersistentMap<object, unknown>;
  readonly model: Map<object, unknown>;
}

function assertSame({ map, model }: Version): void {
  const entries = map.entries();
  assertEquals(entries.length, model.size);
  for (const [key, value] of entries) assertEquals([model.has(key), model.get(key)], [true, value]);
  for (const [number, key] of keys) {
    assertEquals(map.get(number, key, ABSENT), model.has(key) ? model.get(key) : ABSENT);
  }
}

test("PersistentMap does what Map does, in every version at once", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyStep, fc.nat()), { maxLength: 120 }),
      (steps) => {
        keys.clear();
        const versions: Version[] = [{ map: new PersistentMap(), model: new Map() }];
        steps.forEach(([{ kind, number }, chosen], value) => {
          const key = keyOf(number);
          const { map, model } = versions[chosen % versions.length]!;
          const old = model.has(key) ? model.get(key) : ABSENT;
          if (kind === "set") {
            assertEquals(map.set(number, key, value), old);
            model.set(key, value);
          } else if (kind === "delete") {
            assertEquals(map.delete(number, key), old);
            model.delete(key);
          } else {
            versions.push({ map: new PersistentMap(map), model: new Map(model) });
          }
        });
        versions.forEach(assertSame);
      },
    ),
    { numRuns: 500 },
  );
});

test("PersistentMap.entries() is in the order of the numbers", () => {
  const map = new PersistentMap<object, number>();
  for (const number of edges.toReversed()) map.set(number, keyOf(number), number);
  const sorted = [...new Set(edges)].sort((a, b) => a - b);
  assertEquals(map.entries().map(([, number]) => number), sorted);
});

test("PersistentMap.set() refuses another key with the same number, and changes nothing", () => {
  const map = new PersistentMap<object, string>();
  const key = {};
  map.set(7, key, "seven");
  const copy = new PersistentMap(map);
  assertThrows(() => map.set(7, {}, "other"), RangeError, "two keys have the number 7");
  assertThrows(() => copy.set(7, {}, "other"), RangeError, "two keys have the number 7");
  assertEquals([map.entries(), copy.entries()], [[[key, "seven"]], [[key, "seven"]]]);
});

test("PersistentMap.get() and delete() do not take another key for one of the same number", () => {
  const map = new PersistentMap<object, string>();
  map.set(7, keyOf(7), "seven");
  assertEquals(map.get(7, {}, "fallback"), "fallback");
  assertEquals(map.delete(7, {}), ABSENT);
  assertEquals(map.get(7, keyOf(7), "fallback"), "seven");
});

test("PersistentMap does not keep a deleted key alive in its order of numbers", () => {
  const map = new PersistentMap<object, string>();
  map.set(7, keyOf(7), "seven");
  map.set(70_000, keyOf(70_000), "many");
  map.delete(70_000, keyOf(70_000));
  map.set(70_000, {}, "a new key with the number of a deleted one");
  assertEquals(map.entries().length, 2);
});
