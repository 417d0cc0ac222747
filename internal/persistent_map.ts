/**
 * A map that copies in O(1): two copies share all that neither has changed since.
 *
 * A `Key` stands for an object in all maps. Keys come in rows of 32, in the order in which they are
 * made. Each row has a number: 0, 32, 64 and so on. Only the first five keys are apart, with numbers
 * below 0: a frame has their values itself (frame.ts).
 *
 * The map is a tree. A leaf has the values of one row, each at the place of its key. A branch has 32
 * nodes, and five bits of a row's number tell which one to take. Branches are only where rows part.
 * So thirty variables are one leaf, found at once; ten thousand are two branches and a leaf deep;
 * and one of ten thousand, alone, is one leaf again.
 *
 * Two keys of row 0 and one of row 70 016, which is 2 * 32 ** 3 + 4 * 32 ** 2 + 12 * 32:
 *
 *     branch, at -15    place 0: leaf, at 0         place 3: value    place 5: value
 *                       place 2: leaf, at 70 016    place 16: value
 *
 * What always holds:
 * - A node that is not `shared` belongs to one map only, and its items to it only. A copy of a map
 *   takes the root's items too, and both roots are marked as shared. The first write to a shared
 *   node copies its items, and marks the nodes among them: one way down the tree, once.
 * - A leaf has `ABSENT`, or no item, for each key of its row that is not in the map.
 * - A branch has two nodes at least; the other places have `EMPTY`. So a map from which entries
 *   were deleted has the branches that it would have without them.
 * - A row keeps the objects of its keys alive, and each of them the row. So no map needs to list its
 *   keys: 32 objects live as long as one of them. Values live in maps alone.
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

/** How many keys have numbers below 0. */
export const SLOTS = 5;

/** As many `ABSENT` as a leaf has needed values so far: new leaves have room for as many at once. */
const room: unknown[] = [];

/** Up to 32 keys, whose values a map has in one leaf. */
export interface Row<K> {
  /** A multiple of 32, and no other row's. */
  readonly number: number;
  /** The objects that the keys stand for. */
  readonly owners: K[];
}

/** The keys with numbers below 0. */
export const firstRow: Row<object> = { number: -SLOTS, owners: [] };
let newest: Row<unknown> = firstRow;

/** What stands for an object in all maps. */
export class Key<K> {
  /** The object; it has no other key. */
  readonly owner: K;
  readonly row: Row<K>;
  /** The row's number and, in the last five bits, the place in it. */
  readonly number: number;

  /** Makes a key, in the newest row unless another is given. */
  constructor(owner: K, row?: Row<K>) {
    const next = newest.number + newest.owners.length;
    if (next % PLACES === 0) newest = { number: next, owners: [] }; // the row before is full
    this.owner = owner;
    this.row = row ?? newest as Row<K>;
    this.number = this.row.number + this.row.owners.push(owner) - 1;
  }
}

/** Where a node is that never had a value. */
const NOWHERE = -1;
const NO_ROW: Row<never> = { number: NOWHERE, owners: [] };
const NO_ITEMS = [NOTHING].slice(1); // `[]` is of another kind to V8 than arrays of objects

/** A map from objects to values; also each node of one. */
export class PersistentMap<K, V> {
  // Only declared: V8 would store each field twice, and a copy take twice as long (lab/bench/).

  /** In a leaf the number of its row; in a branch minus where in a number it finds the place. */
  declare at: number;
  /** The keys of a leaf's values; in a branch no keys, and the number of one that was below it. */
  declare row: Row<K>;
  /** A leaf's values, or a branch's nodes. */
  declare items: unknown[];
  /** Whether another map may have these items too. */
  declare shared: boolean;

  /** Makes an empty map, or a copy of one. */
  constructor(original?: PersistentMap<K, V>) {
    if (original === undefined) {
      this.at = NOWHERE;
      this.row = NO_ROW;
      this.items = NO_ITEMS;
    } else {
      original.shared = true;
      this.at = original.at;
      this.row = original.row;
      this.items = original.items;
    }
    this.shared = true;
  }

  /** Returns the value of the key with a number. */
  get(number: number): V | Absent {
    const place = number & MASK;
    let node = this as PersistentMap<K, V>;
    while (node.at !== number - place) {
      if (node.at >= NOWHERE) return NOTHING;
      node = node.items[(number >>> -node.at) & MASK] as PersistentMap<K, V>;
    }
    const { items } = node;
    return place < items.length ? items[place] as V | Absent : NOTHING;
  }

  /**
   * Gives a key a value, or takes it out where that is `ABSENT`, and returns what it had. The
   * number is the key's.
   *
   * @throws {RangeError} The low 32 bits of its row's number are those of another row in the map.
   */
  set(number: number, key: Key<K>, value: V | Absent): V | Absent {
    if (value === NOTHING) return remove(this, number);
    const place = number & MASK;
    // The usual case first: `leafFor` would come to the same leaf, and takes 1.3 times as long.
    let leaf = this as PersistentMap<K, V>;
    while (leaf.at < NOWHERE && !leaf.shared) {
      leaf = leaf.items[(number >>> -leaf.at) & MASK] as PersistentMap<K, V>;
    }
    if (leaf.at !== number - place || leaf.shared && leaf !== this) leaf = leafFor(this, key);
    if (leaf.shared || place >= leaf.items.length) own(leaf, place + 1);
    const { items } = leaf;
    const old = items[place] as V | Absent;
    items[place] = value;
    return old;
  }

  /** Lists the entries, in the order in which the keys were made. */
  entries(): [K, V][] {
    const { at, row, items } = this;
    if (at < NOWHERE) return items.flatMap((node) => (node as PersistentMap<K, V>).entries());
    return items.map((value, place): [K, V] => [row.owners[place]!, value as V])
      .filter(([, value]) => value !== NOTHING);
  }
}

/** Stands in a branch for "no node", so that `get` needs no check for it. */
const EMPTY = new PersistentMap<never, never>();
const NO_NODES = Array.from({ length: PLACES }, () => EMPTY);

/** Returns the leaf for a key, below branches that are not shared. */
function leafFor<K, V>(root: PersistentMap<K, V>, { number, row }: Key<K>) {
  let node = root;
  for (;;) {
    if (!belongs(node, number)) makeRoom(node, row);
    if (node.at >= 0) return node;
    if (node.shared) own(node);
    node = child(node, number);
  }
}

/** Tells whether a leaf has a place for a key, or a branch can have that leaf below it. */
function belongs<K, V>({ at, row }: PersistentMap<K, V>, number: number): boolean {
  if (at >= NOWHERE) return at === number - (number & MASK);
  return ((number ^ row.number) >>> -at) >>> BITS === 0;
}

/** Gives a node items of its own, at least so many, so that it can be written. */
function own<K, V>(node: PersistentMap<K, V>, length = 0): void {
  while (room.length < length) room.push(NOTHING);
  const { at, items } = node;
  const isShort = items.length < length;
  const copy = (isShort ? room : items).slice();
  if (isShort) items.forEach((value, place) => copy[place] = value);
  if (at < NOWHERE) copy.forEach((below) => (below as PersistentMap<K, V>).shared = true);
  node.items = copy;
  node.shared = false;
}

/** Turns a node that a row does not belong to into one that it does: a leaf or a branch. */
function makeRoom<K, V>(node: PersistentMap<K, V>, row: Row<K>): void {
  if (isEmpty(node)) {
    node.at = row.number;
    node.row = row;
    return;
  }
  const { number } = node.row;
  const differing = row.number ^ number;
  if (differing === 0) {
    throw new RangeError(
      "more than 2 ** 32 variables were made, and two that cannot be told apart meet in a context; " +
        "make variables once, at the top level of a module",
    );
  }
  const below = new PersistentMap(node);
  below.shared = node.shared; // the items move down, and nobody else has got them
  let shift = BITS - Math.min(node.at, 0);
  while ((differing >>> shift) >>> BITS !== 0) shift += BITS;
  const nodes: PersistentMap<K, V>[] = NO_NODES.slice();
  nodes[(number >>> shift) & MASK] = below;
  node.at = -shift;
  node.row = { number, owners: [] };
  node.items = nodes;
  node.shared = false;
}

/** Returns the node below an unshared branch on the way to a key; no other map reaches it. */
function child<K, V>(branch: PersistentMap<K, V>, number: number): PersistentMap<K, V> {
  const place = (number >>> -branch.at) & MASK;
  const below = branch.items[place] as PersistentMap<K, V>;
  return below.shared ? branch.items[place] = new PersistentMap(below) : below;
}

/** Takes the key with a number out, and returns what it had. */
function remove<K, V>(node: PersistentMap<K, V>, number: number): V | Absent {
  const old = node.get(number);
  if (old === NOTHING) return old;
  if (node.shared) own(node);
  if (node.at >= 0) {
    node.items[number & MASK] = NOTHING;
    return old;
  }
  const below = child(node, number);
  remove(below, number);
  if (isEmpty(below)) {
    node.items[(number >>> -node.at) & MASK] = EMPTY;
    collapse(node);
  }
  return old;
}

/** Turns a branch with one node left into that node. */
function collapse<K, V>(branch: PersistentMap<K, V>): void {
  const nodes = (branch.items as PersistentMap<K, V>[]).filter((node) => node !== EMPTY);
  if (nodes.length > 1) return;
  const { at, row, items, shared } = nodes[0] ?? EMPTY;
  branch.at = at;
  branch.row = row;
  branch.items = items;
  branch.shared = shared;
}

/** Tells whether a node is a leaf without values; a branch has two nodes at least. */
function isEmpty<K, V>(node: PersistentMap<K, V>): boolean {
  return node.at >= NOWHERE && node.items.every((item) => item === NOTHING);
}
