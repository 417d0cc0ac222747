/**
 * A map that copies in O(1): two copies share all that neither has changed since.
 *
 * Keys are objects. With each key the caller hands in its number, a whole number below 2 ** 32, and
 * always the same one. Numbers counted up, one for each key, give the best map.
 *
 * The map is a tree. A leaf has the entries of 32 numbers in a row: these have the same `prefix`,
 * all bits but the lowest five, and those five are an entry's place in the leaf. A branch has 32
 * nodes, and the five bits at its `shift` tell which one to take. Branches are only where numbers
 * part. So the ten variables of a small program are one leaf, found at once; ten thousand variables
 * are two branches and a leaf deep; and one variable of ten thousand, alone, is one leaf again.
 *
 * The keys with the numbers 3, 5 and 70 000, which is 2 * 32 ** 3 + 4 * 32 ** 2 + 11 * 32 + 16:
 *
 *     branch, shift 15    place 0: leaf, prefix 0       place 3: 3    place 5: 5
 *                         place 2: leaf, prefix 2187    place 16: 70 000
 *
 * What always holds:
 * - A node that is not `shared` belongs to one map only, and its items to it only. A copy of a map
 *   takes the root's items too, and both roots are marked as shared. The first write to a shared
 *   node copies its items, and marks the nodes among them: one way down the tree, once.
 * - `keys` is never written, only replaced: a new value for an old key copies no keys.
 * - Keys end with the last place in use, values with the last ever in use: to copy ten values copies
 *   ten words.
 * - A branch has two nodes at least; the other places have `EMPTY`. So a map from which entries were
 *   deleted has the branches that it would have without them.
 * - The map is whole wherever code is ended, as by a timeout of `node:vm` or a stack overflow: a value
 *   is written before its key, and a node is complete before a map reaches it. Where several fields
 *   of a node change, they do so without a call or a loop in between: only there do engines look
 *   whether to go on.
 */

/** Stands for "no value". Private, so that every value of a user can be stored, `undefined` too. */
export const ABSENT: unique symbol = Symbol("absent");

/** The type of {@linkcode ABSENT}. */
export type Absent = typeof ABSENT;

const BITS = 5;
const PLACES = 1 << BITS;
const MASK = PLACES - 1;
const NOTHING: never[] = [];

/** A map from objects to values; also each node of one. */
export class PersistentMap<K extends object, V> {
  // Only declared: V8 would store each field twice, and a copy take twice as long (bench/).

  /** Where in a number a branch finds the place; 0 in a leaf. */
  declare shift: number;
  /** What the numbers here have in common: all bits above those that a place stands for. */
  declare prefix: number;
  /** A leaf's keys by place. */
  declare keys: readonly (K | undefined)[];
  /** By place, a leaf's values, or a branch's nodes. */
  declare items: unknown[];
  /** Whether another map may have these items too. */
  declare shared: boolean;

  /** Makes an empty map, or a copy of one. */
  constructor(original?: PersistentMap<K, V>) {
    if (original === undefined) {
      this.shift = 0;
      this.prefix = 0;
      this.keys = NOTHING;
      this.items = NOTHING;
    } else {
      original.shared = true;
      this.shift = original.shift;
      this.prefix = original.prefix;
      this.keys = original.keys;
      this.items = original.items;
    }
    this.shared = true;
  }

  /** Returns the value of a key, or the fallback. */
  get<D>(number: number, key: K, fallback: D): V | D {
    let node = this as PersistentMap<K, V>;
    while (node.shift !== 0) {
      node = node.items[(number >>> node.shift) & MASK] as PersistentMap<K, V>;
    }
    const place = number & MASK;
    return node.keys[place] === key ? node.items[place] as V : fallback;
  }

  /**
   * Gives a key a value, and returns what it had.
   *
   * @throws {RangeError} Another key in the map has the same number.
   */
  set(number: number, key: K, value: V): V | Absent {
    const leaf = leafFor(this, number);
    const place = number & MASK;
    const found = leaf.keys[place];
    if (found === key) {
      const old = leaf.items[place] as V;
      leaf.items[place] = value;
      return old;
    }
    if (found !== undefined) {
      throw new RangeError(`two keys have the number ${number}: more than 2 ** 32 were made`);
    }
    // The value before its key: a value without a key is not there.
    if (place < leaf.items.length) leaf.items[place] = value;
    else leaf.items = withItem(leaf.items, place, value);
    leaf.keys = withItem(leaf.keys, place, key);
    return ABSENT;
  }

  /** Takes a key out, and returns what it had. */
  delete(number: number, key: K): V | Absent {
    const old = this.get(number, key, ABSENT);
    if (old !== ABSENT) remove(this, number);
    return old;
  }

  /** Lists the entries, in the order of their numbers. */
  entries(): [K, V][] {
    const entries: [K, V][] = [];
    collect(this, entries);
    return entries;
  }
}

/** Stands in a branch for "no node", so that `get` needs no check for it. */
const EMPTY = new PersistentMap<never, never>();

/** Returns the leaf for a number, ready to be written. */
function leafFor<K extends object, V>(root: PersistentMap<K, V>, number: number) {
  let node = root;
  for (;;) {
    if (node.prefix !== (number >>> node.shift) >>> BITS) makeRoom(node, number);
    if (node.shared) unshare(node);
    if (node.shift === 0) return node;
    node = child(node, number);
  }
}

/** Gives a node items of its own, so that it can be written. The nodes below are shared now. */
function unshare<K extends object, V>(node: PersistentMap<K, V>): void {
  node.items = node.items.slice();
  if (node.shift !== 0) {
    for (const below of node.items as PersistentMap<K, V>[]) below.shared = true;
  }
  node.shared = false;
}

/** Turns a node that a number does not belong to into one that it does: a leaf or a branch. */
function makeRoom<K extends object, V>(node: PersistentMap<K, V>, number: number): void {
  if (isEmpty(node)) {
    node.prefix = number >>> BITS;
    return;
  }
  const { shared } = node;
  const below = new PersistentMap(node);
  below.shared = shared; // the arrays move down, and nobody else has got them
  let shift = node.shift + BITS;
  let prefix = node.prefix;
  let other = (number >>> node.shift) >>> BITS;
  while (prefix >>> BITS !== other >>> BITS) {
    shift += BITS;
    prefix >>>= BITS;
    other >>>= BITS;
  }
  const nodes = new Array(PLACES).fill(EMPTY);
  nodes[prefix & MASK] = below;
  node.shift = shift;
  node.prefix = prefix >>> BITS;
  node.keys = NOTHING;
  node.items = nodes;
  node.shared = false;
}

/** Returns the node below an unshared branch on the way to a number; no other map reaches it. */
function child<K extends object, V>(branch: PersistentMap<K, V>, number: number) {
  const place = (number >>> branch.shift) & MASK;
  const below = branch.items[place] as PersistentMap<K, V>;
  return below.shared ? branch.items[place] = new PersistentMap(below) : below;
}

/** Takes a number's entry out of the map below a node. */
function remove<K extends object, V>(node: PersistentMap<K, V>, number: number): void {
  if (node.shared) unshare(node);
  const place = (number >>> node.shift) & MASK;
  if (node.shift === 0) {
    node.keys = withoutItem(node.keys, place);
    node.items[place] = undefined;
    return;
  }
  const below = child(node, number);
  remove(below, number);
  if (isEmpty(below)) {
    node.items[place] = EMPTY;
    collapse(node);
  }
}

/** Turns a branch with one node left into that node. */
function collapse<K extends object, V>(branch: PersistentMap<K, V>): void {
  const nodes = (branch.items as PersistentMap<K, V>[]).filter((node) => node !== EMPTY);
  if (nodes.length > 1) return;
  const { shift, prefix, keys, items, shared } = nodes[0] ?? EMPTY;
  branch.shift = shift;
  branch.prefix = prefix;
  branch.keys = keys;
  branch.items = items;
  branch.shared = shared;
}

/** Tells whether a node is a leaf without keys; a branch has two nodes at least. */
function isEmpty<K extends object, V>(node: PersistentMap<K, V>): boolean {
  return node.shift === 0 && node.keys.length === 0;
}

/** Copies an array with another item at an index, no longer than needed. */
function withItem<T>(items: readonly T[], index: number, item: T): T[] {
  const copy = new Array(Math.max(items.length, index + 1));
  for (let i = 0; i < copy.length; i++) copy[i] = items[i];
  copy[index] = item;
  return copy;
}

/** Copies an array without an item, no longer than needed. */
function withoutItem<T>(items: readonly (T | undefined)[], index: number): (T | undefined)[] {
  const copy = items.slice();
  copy[index] = undefined;
  while (copy.length > 0 && copy.at(-1) === undefined) copy.pop();
  return copy;
}

function collect<K extends object, V>(node: PersistentMap<K, V>, entries: [K, V][]): void {
  if (node.shift !== 0) {
    for (const below of node.items as PersistentMap<K, V>[]) collect(below, entries);
    return;
  }
  node.keys.forEach((key, place) => {
    if (key !== undefined) entries.push([key, node.items[place] as V]);
  });
}
