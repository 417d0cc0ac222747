/**
 * A map that copies in O(1): two copies share all that neither has changed since.
 *
 * Keys are objects, told apart by identity. With each key the caller hands in a number, always the
 * same one. Numbers counted up, one for each key, give the best map; equal ones only cost time.
 *
 * The map is a tree of nodes with 16 places each. A place holds one entry, its key in `keys` and its
 * value in `values`; in `children` stands the node below it, for the other keys that came here. The
 * lowest four bits of a key's number name its place in the root, the next four bits the place in the
 * node below, and so on; a key stays in the first free place that it finds on this way. After keys with
 * the numbers 3, 5, 19 (16 + 3) and 4099 (16 * 256 + 3) were set in this order:
 *
 *     root              place 3: key 3     place 5: key 5
 *      └ below place 3  place 1: key 19    place 0: key 4099
 *
 * So the ten variables of a small program are ten places of the root, found in one step; ten
 * thousand are found in four at the most; and one variable of ten thousand, alone, is in the root.
 *
 * What always holds:
 * - There is no node below a free place, and no node is empty but the root.
 * - A node that is not `shared` belongs to one map only, and so do its arrays. A copy of the
 *   map shares the root's arrays, and marks both roots as shared. Before the first write to a shared node
 *   its arrays are copied and the nodes below it marked: a write copies one way down the tree, once.
 * - `keys` is never written, only replaced, so that a new value for an old key copies no keys.
 * - Arrays end with their last place that was ever in use: copying ten values copies ten words.
 */

/** What stands for "no value": no user has it, so that every value of theirs can be stored. */
export const ABSENT: unique symbol = Symbol("absent");

/** The type of {@linkcode ABSENT}. */
export type Absent = typeof ABSENT;

const BITS = 4;
const PLACES = 1 << BITS;
const MASK = PLACES - 1;
const NOTHING: never[] = [];

/** A map from objects to values, and each of its nodes. */
export class PersistentMap<K extends object, V> {
  /** The keys by place. */
  keys: readonly (K | undefined)[];
  /** The values by place; nothing of meaning where there is no key. */
  values: (V | undefined)[];
  /** The nodes below the places, once two keys met at one. */
  children: (PersistentMap<K, V> | undefined)[] | undefined;
  /** Whether another map may have these arrays too. */
  shared = true;

  /** Makes an empty map, or a copy of one. */
  constructor(original?: PersistentMap<K, V>) {
    if (original === undefined) {
      this.keys = NOTHING;
      this.values = NOTHING;
      this.children = undefined;
    } else {
      original.shared = true;
      this.keys = original.keys;
      this.values = original.values;
      this.children = original.children;
    }
  }

  /** Returns the value of a key, or {@linkcode ABSENT}. */
  get(number: number, key: K): V | Absent {
    let node: PersistentMap<K, V> | undefined = this as PersistentMap<K, V>;
    do {
      const place = number & MASK;
      if (node.keys[place] === key) return node.values[place] as V;
      if (node.children === undefined) return ABSENT;
      node = node.children[place];
      number >>>= BITS;
    } while (node !== undefined);
    return ABSENT;
  }

  /** Gives a key a value, and returns what it had. */
  set(number: number, key: K, value: V): V | Absent {
    let node = this as PersistentMap<K, V>;
    for (;;) {
      if (node.shared) unshare(node);
      const place = number & MASK;
      const found = node.keys[place];
      if (found === key) {
        const old = node.values[place] as V;
        node.values[place] = value;
        return old;
      }
      if (found === undefined) {
        put(node, place, key, value);
        return ABSENT;
      }
      node = below(node, place);
      number >>>= BITS;
    }
  }

  /** Takes a key out, and returns what it had. */
  delete(number: number, key: K): V | Absent {
    const place = number & MASK;
    const found = this.keys[place] === key;
    if (!found && this.children?.[place] === undefined) return ABSENT;
    if (this.shared) unshare(this);
    if (found) {
      const old = this.values[place] as V;
      vacate(this, place);
      return old;
    }
    const child = below(this, place);
    const old = child.delete(number >>> BITS, key);
    if (isEmpty(child)) this.children![place] = undefined;
    return old;
  }

  /** Lists the entries, in no particular order. */
  entries(): [K, V][] {
    const entries: [K, V][] = [];
    collect(this, entries);
    return entries;
  }
}

/** Gives a node arrays of its own, so that it can be written. The nodes below are shared now. */
function unshare<K extends object, V>(node: PersistentMap<K, V>): void {
  node.values = node.values.slice();
  if (node.children !== undefined) {
    node.children = node.children.slice();
    for (const child of node.children) if (child !== undefined) child.shared = true;
  }
  node.shared = false;
}

/** Returns the node below a place of an unshared node: made if need be, and reached from here only. */
function below<K extends object, V>(node: PersistentMap<K, V>, place: number): PersistentMap<K, V> {
  node.children ??= new Array(PLACES).fill(undefined);
  const child = node.children[place];
  if (child !== undefined && !child.shared) return child;
  return node.children[place] = new PersistentMap(child);
}

/** Puts an entry in a free place of an unshared node. */
function put<K extends object, V>(
  node: PersistentMap<K, V>,
  place: number,
  key: K,
  value: V,
): void {
  node.keys = withItem(node.keys, place, key);
  if (place < node.values.length) node.values[place] = value;
  else node.values = withItem(node.values, place, value);
}

/** Frees a place of an unshared node. Where there is a node below, one of its entries moves up. */
function vacate<K extends object, V>(node: PersistentMap<K, V>, place: number): void {
  if (node.children?.[place] === undefined) {
    node.keys = withItem(node.keys, place, undefined);
    node.values[place] = undefined;
    return;
  }
  const child = below(node, place);
  if (child.shared) unshare(child);
  const from = child.keys.findIndex((key) => key !== undefined);
  node.keys = withItem(node.keys, place, child.keys[from]);
  node.values[place] = child.values[from];
  vacate(child, from);
  if (isEmpty(child)) node.children[place] = undefined;
}

function isEmpty<K extends object, V>(node: PersistentMap<K, V>): boolean {
  return node.keys.every((key) => key === undefined);
}

/** Copies an array, with another item at an index, and no longer than that needs. */
function withItem<T>(items: readonly T[], index: number, item: T): T[] {
  const copy = new Array(Math.max(items.length, index + 1));
  for (let i = 0; i < copy.length; i++) copy[i] = items[i];
  copy[index] = item;
  return copy;
}

function collect<K extends object, V>(node: PersistentMap<K, V>, entries: [K, V][]): void {
  node.keys.forEach((key, place) => {
    if (key === undefined) return;
    entries.push([key, node.values[place] as V]);
    const child = node.children?.[place];
    if (child !== undefined) collect(child, entries);
  });
}
