/**
 * A map that copies in O(1): two copies share all that neither has changed since.
 *
 * Keys are objects. With each key the caller hands in its number: a whole number, no other key's,
 * and always the same one. Numbers counted up, one for each key, give the best map.
 *
 * The map is a tree. A leaf has the values and keys of 32 numbers in a row, from its `first` on:
 * the place of such a pair is the number's lowest five bits. A branch has 32 nodes, and the five
 * bits at its `shift` tell which one to take. Branches are only where numbers part. So the ten
 * variables of a small program are one leaf, found at once; ten thousand variables are two branches
 * and a leaf deep; and one variable of ten thousand, alone, is one leaf again.
 *
 * The keys with the numbers 3, 5 and 70 000, which is 2 * 32 ** 3 + 4 * 32 ** 2 + 11 * 32 + 16:
 *
 *     branch, shift 15    place 0: leaf, first 0         place 3: 3    place 5: 5
 *                         place 2: leaf, first 69 984    place 16: 70 000
 *
 * What always holds:
 * - A node that is not `shared` belongs to one map only, and its items to it only. A copy of a map
 *   takes the root's items too, and both roots are marked as shared. The first write to a shared
 *   node copies its items, and marks the nodes among them: one way down the tree, once.
 * - A leaf has `ABSENT` for the value and the key of each number that is not in the map. `get` looks
 *   at the values alone: numbers tell keys apart.
 * - A branch has two nodes at least; the other places have `EMPTY`. So a map from which entries
 *   were deleted has the branches that it would have without them.
 * - The map is whole wherever code is ended, as by a timeout of `node:vm` or a stack overflow: a
 *   node is complete before a map reaches it, and where several fields of a node change, they do so
 *   without a call or a loop in between: only there do engines look whether to go on.
 */

// An own name of `ABSENT`: see frame.ts. V8 even calls a function to compare with an exported one.
const NOTHING: unique symbol = Symbol("absent");

/** Stands for "no value". Private, so that every value of a user can be stored, `undefined` too. */
export const ABSENT: typeof NOTHING = NOTHING;

/** The type of {@linkcode ABSENT}. */
export type Absent = typeof ABSENT;

const BITS = 5;
const PLACES = 1 << BITS;
const MASK = PLACES - 1;
const NO_ITEMS = [NOTHING, NOTHING]; // not `[]`, which is of another kind to V8 than arrays of objects

/** As many `ABSENT` as a leaf has needed items so far: new leaves have room for as many at once. */
const room: unknown[] = [];

/** A map from objects to values; also each node of one. */
export class PersistentMap<K extends object, V> {
  // Only declared: V8 would store each field twice, and a copy take twice as long (lab/bench/).

  /** Where in a number a branch finds the place; 0 in a leaf. */
  declare shift: number;
  /** The number of a leaf's place 0; in a branch, that of a leaf that is or was below it. */
  declare first: number;
  /** A leaf's values, each with its key behind it; or a branch's nodes. */
  declare items: unknown[];
  /** Whether another map may have these items too. */
  declare shared: boolean;

  /** Makes an empty map, or a copy of one. */
  constructor(original?: PersistentMap<K, V>) {
    if (original === undefined) {
      this.shift = 0;
      this.first = 0;
      this.items = NO_ITEMS;
    } else {
      original.shared = true;
      this.shift = original.shift;
      this.first = original.first;
      this.items = original.items;
    }
    this.shared = true;
  }

  /** Returns the value of the key with a number. */
  get(number: number): V | Absent {
    let node = this as PersistentMap<K, V>;
    while (node.shift !== 0) {
      node = node.items[(number >>> node.shift) & MASK] as PersistentMap<K, V>;
    }
    const place = number & MASK;
    const at = 2 * place;
    const { first, items } = node;
    return first === number - place && at < items.length ? items[at] as V | Absent : NOTHING;
  }

  /**
   * Gives a key a value, and returns what it had.
   *
   * @throws {RangeError} The number's low 32 bits are those of another key in the map.
   */
  set(number: number, key: K, value: V): V | Absent {
    const place = number & MASK;
    const leaf = this.shift === 0 && this.first === number - place ? this : leafFor(this, number);
    const at = 2 * place;
    const old = at < leaf.items.length ? leaf.items[at] as V | Absent : NOTHING;
    if (old !== NOTHING) {
      if (leaf.shared) unshare(leaf);
      leaf.items[at] = value;
      return old;
    }
    if (leaf.shared || at >= leaf.items.length) {
      leaf.items = withRoom(leaf.items, at + 2);
      leaf.shared = false;
    }
    leaf.items[at] = value;
    leaf.items[at + 1] = key;
    return NOTHING;
  }

  /** Takes the key with a number out, and returns what it had. */
  delete(number: number): V | Absent {
    const old = this.get(number);
    if (old !== NOTHING) remove(this, number);
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
const NO_NODES = Array.from({ length: PLACES }, () => EMPTY);

/** Returns the leaf for a number, below branches that are not shared. */
function leafFor<K extends object, V>(root: PersistentMap<K, V>, number: number) {
  let node = root;
  for (;;) {
    if (!belongs(node, number)) makeRoom(node, number);
    if (node.shift === 0) return node;
    if (node.shared) unshare(node);
    node = child(node, number);
  }
}

/** Tells whether a leaf has a place for a number, or a branch can have one below it. */
function belongs<K extends object, V>({ shift, first }: PersistentMap<K, V>, number: number) {
  if (shift === 0) return first === number - (number & MASK);
  return ((number ^ first) >>> shift) >>> BITS === 0;
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
    node.first = number - (number & MASK);
    return;
  }
  const { first, shared } = node;
  const differing = number ^ first;
  if (differing >>> BITS === 0) {
    throw new RangeError(
      "more than 2 ** 32 variables were made, and two that cannot be told apart meet in a context; " +
        "make variables once, at the top level of a module",
    );
  }
  const below = new PersistentMap(node);
  below.shared = shared; // the items move down, and nobody else has got them
  let shift = node.shift + BITS;
  while ((differing >>> shift) >>> BITS !== 0) shift += BITS;
  const nodes: PersistentMap<K, V>[] = NO_NODES.slice();
  nodes[(first >>> shift) & MASK] = below;
  node.shift = shift;
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
    node.items[2 * place] = NOTHING;
    node.items[2 * place + 1] = NOTHING;
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
  const { shift, first, items, shared } = nodes[0] ?? EMPTY;
  branch.shift = shift;
  branch.first = first;
  branch.items = items;
  branch.shared = shared;
}

/** Tells whether a node is a leaf without keys; a branch has two nodes at least. */
function isEmpty<K extends object, V>(node: PersistentMap<K, V>): boolean {
  return node.shift === 0 && node.items.every((item) => item === NOTHING);
}

/** Copies a leaf's items into an array of at least a length. */
function withRoom(items: readonly unknown[], length: number): unknown[] {
  while (room.length < length) room.push(NOTHING);
  const copy = room.slice();
  for (let i = 0; i < items.length; i++) copy[i] = items[i];
  return copy;
}

function collect<K extends object, V>(node: PersistentMap<K, V>, entries: [K, V][]): void {
  if (node.shift !== 0) {
    for (const below of node.items as PersistentMap<K, V>[]) collect(below, entries);
    return;
  }
  for (let at = 0; at < node.items.length; at += 2) {
    if (node.items[at] !== NOTHING) entries.push([node.items[at + 1] as K, node.items[at] as V]);
  }
}
