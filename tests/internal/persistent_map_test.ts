/** The persistent map: against Map, its shape, what maps share, code that is ended inside it. */

import { runInNewContext } from "node:vm";
import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Context, ContextVar } from "@contextvars/contextvars";
import fc from "npm:fast-check@4.10.2";
import { Frame } from "../../internal/frame.ts";
import { ABSENT, Key, PersistentMap, type Row } from "../../internal/persistent_map.ts";
import { collectGarbage } from "../collect_garbage.ts";

type NumberMap = PersistentMap<number, unknown>;

/** By the number of a row, its keys. */
const rows = new Map<number, Key<number>[]>();

/** Returns the key of a number: the row's number and, in the last five bits, the place. */
function keyOf(number: number): Key<number> {
  const place = number % 32;
  let keys = rows.get(number - place);
  if (keys === undefined) {
    const row: Row<number> = { number: number - place, owners: [] };
    keys = Array.from({ length: 32 }, (_, place) => new Key(row.number + place, row));
    rows.set(row.number, keys);
  }
  return keys[place]!;
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
  readonly map: NumberMap;
  readonly model: Map<number, unknown>;
}

function assertSame({ map, model }: Version): void {
  assertEquals(new Map(map.entries()), model);
  assertEquals(map.entries().length, model.size);
  for (const key of [...rows.values()].flat()) {
    assertEquals(map.get(key.number), model.has(key.owner) ? model.get(key.owner) : ABSENT);
  }
  assertEquals(shapeOf(map), shapeOf(mapOf(...model.keys())));
}

/** Returns a map's nodes and keys, which decide how fast it is. */
function shapeOf(node: NumberMap): unknown {
  const { at, row, items } = node;
  const keys = node.entries().map(([key]) => key);
  if (at >= -1) return keys.length === 0 ? "empty" : { row: row.number, keys };
  return { at, nodes: items.map((node) => shapeOf(node as NumberMap)) };
}

/** Makes a map with the keys of some numbers, each number its own value. */
function mapOf(...numbers: number[]): NumberMap {
  const map: NumberMap = new PersistentMap();
  for (const number of numbers) map.set(number, keyOf(number), number);
  return map;
}

/** Takes the key of a number out. */
function take(map: NumberMap, number: number): unknown {
  return map.set(number, keyOf(number), ABSENT);
}

Deno.test("PersistentMap does what Map does, in every version at once, and has the shape of a fresh map", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyStep, fc.nat()), { maxLength: 120 }),
      (steps) => {
        rows.clear();
        const versions: Version[] = [{ map: new PersistentMap(), model: new Map() }];
        steps.forEach(([{ kind, number }, chosen], value) => {
          const { map, model } = versions[chosen % versions.length]!;
          const old = model.has(number) ? model.get(number) : ABSENT;
          if (kind === "set") {
            assertEquals(map.set(number, keyOf(number), value), old);
            model.set(number, value);
          } else if (kind === "delete") {
            assertEquals(take(map, number), old);
            model.delete(number);
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

Deno.test("Frame does what Map does with the program's first keys too, in every version at once", () => {
  const far = [70_016, 70_017, 2 ** 20, 2 ** 31].map((number) => keyOf(number));
  const keys = [...Array.from({ length: 9 }, () => new Key({})), ...far] as Key<object>[];
  const anyStep = fc.record({
    kind: fc.constantFrom("set", "set", "delete", "copy"),
    key: fc.constantFrom(...keys),
    chosen: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 120 }), (steps) => {
      const versions = [{ frame: new Frame(), model: new Map<Key<object>, unknown>() }];
      steps.forEach(({ kind, key, chosen }, value) => {
        const { frame, model } = versions[chosen % versions.length]!;
        if (kind === "copy") {
          versions.push({ frame: new Frame(frame), model: new Map(model) });
          return;
        }
        const old = model.has(key) ? model.get(key) : ABSENT;
        assertEquals(frame.set(key.number, key, kind === "set" ? value : ABSENT), old);
        if (kind === "set") model.set(key, value);
        else model.delete(key);
      });
      for (const { frame, model } of versions) {
        const held = keys.filter((key) => model.has(key));
        assertEquals(frame.entries(), held.map((key) => [key.owner, model.get(key)]));
        for (const { number } of keys.filter((key) => !held.includes(key))) {
          assertEquals(frame.get(number), ABSENT);
        }
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("PersistentMap.entries() is in the order in which the keys were made", () => {
  const map = mapOf(...edges.toReversed());
  const sorted = [...new Set(edges)].sort((a, b) => a - b);
  assertEquals(map.entries().map(([number]) => number), sorted);
});

Deno.test("PersistentMap.set() refuses a row whose number ends in another's 32 bits, and changes nothing", () => {
  for (const numbers of [[7], [7, 70_000]]) {
    const map = mapOf(...numbers);
    const copy = new PersistentMap(map);
    for (const lap of [1, 2, 2 ** 20]) {
      const number = 7 + lap * 2 ** 32;
      for (const each of [map, copy]) {
        assertThrows(
          () => each.set(number, keyOf(number), "other"),
          RangeError,
          "context; make variables",
        );
      }
    }
    assertEquals([map.entries(), copy.entries()], Array(2).fill(mapOf(...numbers).entries()));
  }
});

Deno.test("PersistentMap tells rows apart whose numbers end in the same 32 bits", () => {
  for (const numbers of [[7], [7, 70_000]]) {
    const map = mapOf(...numbers);
    const [near, far] = [keyOf(7), keyOf(7 + 2 ** 32)];
    assertEquals([map.get(far.number), take(map, far.owner), map.get(near.number)], [
      ABSENT,
      ABSENT,
      7,
    ]);
    take(map, near.owner);
    map.set(far.number, far, "far");
    assertEquals([map.get(far.number), map.get(near.number), take(map, near.owner)], [
      "far",
      ABSENT,
      ABSENT,
    ]);
  }
});

Deno.test("PersistentMap, where a key is taken out, lets go of the value", async () => {
  const map = mapOf(0);
  const value = (() => {
    const value = {};
    map.set(1, keyOf(1), value);
    take(map, 1);
    return new WeakRef(value);
  })();
  await collectGarbage();
  assertEquals([value.deref(), map.get(0)], [undefined, 0]);
});

Deno.test("PersistentMap, where a key is taken out, has the shape of a map that never had the key", () => {
  const map = mapOf(7, 70_000);
  map.set(33_000, keyOf(33_000), 33_000);
  take(map, 33_000);
  assertEquals(shapeOf(map), shapeOf(mapOf(7, 70_000)));
  take(map, 70_000);
  assertEquals(shapeOf(map), shapeOf(mapOf(7)));
});

Deno.test("PersistentMap reuses a leaf that was emptied, for other numbers", () => {
  const map = mapOf(7);
  take(map, 7);
  const { items } = map;
  const number = 70_016 + 5; // in another leaf, at a lower place
  map.set(number, keyOf(number), "many");
  assertEquals([map.at, map.entries()], [70_016, [[number, "many"]]]);
  assertStrictEquals(map.items, items);
});

Deno.test("PersistentMap.set() allocates nothing where a map with as many keys was made before", () => {
  mapOf(0, 1, 2);
  const map = mapOf(0);
  const { items } = map;
  map.set(1, keyOf(1), 1);
  map.set(2, keyOf(2), 2);
  assertStrictEquals(map.items, items);
});

Deno.test("PersistentMap copies the values once for all writes in a copy", () => {
  for (const numbers of [[7, 8, 9], [7, 70_000, 140_000]]) {
    const [first, second, third] = numbers as [number, number, number];
    const original = mapOf(...numbers);
    const copy = new PersistentMap(original);
    copy.set(first, keyOf(first), "a");
    const { items } = copy;
    copy.set(second, keyOf(second), "b");
    copy.set(first, keyOf(first), "c");
    take(copy, third);
    assertStrictEquals(copy.items, items);
    assertEquals(original.entries(), mapOf(...numbers).entries());
  }
});

Deno.test("PersistentMap does not keep the map alive that it was copied from", async () => {
  const { original, copy } = (() => {
    const map = mapOf(7, 70_000);
    return { original: new WeakRef(map), copy: new PersistentMap(map) };
  })();
  await collectGarbage();
  assertEquals([original.deref(), copy.get(7)], [undefined, 7]);
});

Deno.test("ContextVar.set() that is ended in the middle leaves the context whole", () => {
  const variables = Array.from({ length: 400 }, (_, i) => new ContextVar<string>(`variable${i}`));
  let context = new Context();
  const setForEver = () => {
    for (;;) {
      context = new Context();
      context.run(() => variables.forEach((variable) => variable.set("set")));
    }
  };
  for (let round = 0; round < 300; round++) {
    assertThrows(() => runInNewContext("setForEver()", { setForEver }, { timeout: 3 }));
    const values = variables.map((variable) => context.get(variable, "set"));
    assertEquals(new Set([...context.values(), ...values]), new Set(["set"]));
  }
});
