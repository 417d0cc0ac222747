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
 * Requests set the same variables in the same order, each in a map of its own. So the lists of keys
 * are shared, as V8's objects share hidden classes: leaves that were given the same keys in the same
 * order have the same `keys`, and `followers` leads from there to the keys with one more. A leaf's
 * items are as many from the start as its kind has needed so far. So a request allocates one array of
 * values, and no keys.
 *
 * What always holds:
 * - A node that is not `shared` belongs to one map only, and its items to it only. A copy of a map
 *   takes the root's items too, and both roots are marked as shared. The first write to a shared
 *   node copies its items, and marks the nodes among them: one way down the tree, once.
 * - `keys` is never written, only replaced. Keys are found through the keys before them and the one
 *   that was added, by a `WeakMap`: only maps, and never other keys, keep a key alive.
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
const NO_ITEMS: never[] = [];

/** After so many lists of keys were made, all are forgotten, so that random orders do not pile up. */
const REMEMBERED = 4_096;

/** What leaves have in common whose first key is the same. */
interface Kind {
  /** How many items one of them has needed. */
  room: number;
}

/** A leaf's keys by place. */
interface Keys<K extends object> extends ReadonlyArray<K | undefined> {
  readonly kind: Kind;
  /** By key: the list with that key added. */
  followers: WeakMap<K, Keys<K>> | undefined;
  /** What `generation` was when the first of the followers was remembered. */
  generation: number;
}

let made = 0;
/** Counts how often all lists of keys were forgotten. */
let generation = 0;

const NO_KEYS = keysFrom<never>([], { room: 0 });

/** A map from objects to values; also each node of one. */
export class PersistentMap<K extends object, V> {
  // Only declared: V8 would store each field twice, and a copy take twice as long (bench/).

  /** Where in a number a branch finds the place; 0 in a leaf. */
  declare shift: number;
  /** What the numbers here have in common: all bits above those that a place stands for. */
  declare prefix: number;
  /** A leaf's keys by place. */
  declare keys: Keys<K>;
  /** By place, a leaf's values, or a branch's nodes. */
  declare items: unknown[];
  /** Whether another map may have these items too. */
  declare shared: boolean;

  /** Makes an empty map, or a copy of one. */
  constructor(original?: PersistentMap<K, V>) {
    if (original === undefined) {
      this.shift = 0;
      this.prefix = 0;
      this.keys = NO_KEYS as Keys<never>;
      this.items = NO_ITEMS;
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
      if (leaf.shared) unshare(leaf);
      const old = leaf.items[place] as V;
      leaf.items[place] = value;
      return old;
    }
    if (found !== undefined) {
      throw new RangeError(`two keys have the number ${number}: more than 2 ** 32 were made`);
    }
    const keys = withKey(leaf.keys, place, key);
    if (leaf.shared || place >= leaf.items.length) {
      leaf.items = withRoom(leaf.items, keys.kind);
      leaf.shared = false;
    }
    // The value before its key: a value without a key is not there.
    leaf.items[place] = value;
    leaf.keys = keys;
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

/** Returns the leaf for a number, below branches that are not shared. */
function leafFor<K extends object, V>(root: PersistentMap<K, V>, number: number) {
  let node = root;
  for (;;) {
    if (node.prefix !== (number >>> node.shift) >>> BITS) makeRoom(node, number);
    if (node.shift === 0) return node;
    if (node.shared) unshare(node);
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
  node.keys = NO_KEYS as Keys<never>;
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
    node.keys = withoutKey(node.keys, place);
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
  return node.shift === 0 && node.keys === NO_KEYS as Keys<never>;
}

/** Copies items into an array for as many as a kind needs. */
function withRoom(items: readonly unknown[], { room }: Kind): unknown[] {
  if (items.length >= room) return items.slice();
  const copy = new Array(room);
  for (let i = 0; i < items.length; i++) copy[i] = items[i];
  for (let i = items.length; i < room; i++) copy[i] = undefined;
  return copy;
}

/** Returns the list of keys with one more. */
function withKey<K extends object>(keys: Keys<K>, place: number, key: K): Keys<K> {
  const known = keys.generation === generation ? keys.followers?.get(key) : undefined;
  return known ?? addFollower(keys, place, key);
}

/** Makes the list of keys with one more, and remembers it. */
function addFollower<K extends object>(keys: Keys<K>, place: number, key: K): Keys<K> {
  const list = keys.slice();
  while (list.length < place) list.push(undefined);
  list[place] = key;
  const kind = keys.length === 0 ? { room: 0 } : keys.kind;
  kind.room = Math.max(kind.room, list.length);
  const follower = keysFrom(list, kind);
  if (++made % REMEMBERED === 0) generation++;
  if (keys.followers === undefined || keys.generation !== generation) {
    keys.followers = new WeakMap();
    keys.generation = generation;
  }
  keys.followers.set(key, follower);
  return follower;
}

/** Returns the list of keys without one. */
function withoutKey<K extends object>(keys: Keys<K>, place: number): Keys<K> {
  let rest: Keys<K> = NO_KEYS as Keys<never>;
  keys.forEach((key, at) => {
    if (key !== undefined && at !== place) rest = withKey(rest, at, key);
  });
  return rest;
}

function keysFrom<K extends object>(list: (K | undefined)[], kind: Kind): Keys<K> {
  return Object.assign(list, { kind, followers: undefined, generation });
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
