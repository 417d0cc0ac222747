/**
 * Measures one peer, in a process of its own, on Deno or Node.js.
 *
 * In a process of its own no other peer shapes the compiled code, and the peer's storage is the
 * first to be made: on Deno later ones are slower. The one argument is the number of variables. Each
 * line on standard input names an operation; the answer is one line of JSON: the nanoseconds of one
 * operation in one round. `check`, the first, answers who the peer is; those with `bytes` weigh.
 */

import { strict as assert } from "node:assert";
import process from "node:process";
import { createInterface } from "node:readline";
import { nothing, type Peer, SEEN_BY } from "./peer.ts";
import { seenBy } from "./seen_by.ts";

/** How many tasks run at once. */
const BATCH = 100;
/** How many contexts are kept alive to weigh one. */
const KEPT = 100_000;
/** Where they are kept. */
const kept: unknown[] = new Array(KEPT).fill(undefined);
/** How many gets a request does, after one set of each variable. */
const REQUEST_GETS = 20;
/** How long a round lasts at least: neither the clock nor one collection matters much then. */
const ROUND_MILLISECONDS = 15;

/** What stands in the loop of an operation; each gets a loop, and its type feedback, of its own. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  "get": "peer.get(variable)",
  "set": "peer.set(variable, value)",
  "set + reset": "peer.setAndReset(variable, value)",
  "copy": "peer.copy()",
  "copy + enter + set": "peer.copyEnterSet(variable, value)",
  "run": "peer.run(context, nothing)",
  "run, 10 deep": "peer.run(context, nothing)",
  "run, 100 deep": "peer.run(context, nothing)",
  "request": "request()",
  "task": "peer.task(variable, value)",
};

/** Does an operation that many times. Returns the last result, so that none can be left out. */
type Loop<V, C> = (
  peer: Peer<V, C>,
  variables: readonly V[],
  context: C,
  nothing: () => void,
  request: (() => unknown) | undefined,
  times: number,
) => unknown;

/** An operation: its loop, and how many times a round repeats it. */
interface Operation<V, C> {
  readonly loop: Loop<V, C>;
  times: number;
}

/** Answers questions about a peer until standard input ends. */
export async function serve<V, C>(peer: Peer<V, C>): Promise<void> {
  const variables = Array.from(
    { length: Number(process.argv[2]) },
    (_, index) => peer.variable(`variable${index}`),
  );
  const context = peer.context(variables, "a");
  shuffle(variables);
  const operations = new Map<string, Operation<V, C>>();
  for await (const name of createInterface({ input: process.stdin })) {
    const answer = await peer.run(context, () => {
      if (name === "check") return check(peer, variables);
      if (name === "bytes of a copy with one set") {
        return weigh((i) => peer.copyEnterSet(variables[i % variables.length]!, "b"));
      }
      if (name === "bytes of a context") return weigh(() => peer.context(variables, "b"));
      return measure(peer, variables, name, operations);
    });
    console.log(JSON.stringify(answer));
  }
}

/** Checks that a peer does what its row says. The context has the value "a" for each variable. */
async function check<V, C>(peer: Peer<V, C>, variables: readonly V[]): Promise<object> {
  const [variable] = variables as [V];
  for (const each of variables) assert.equal(peer.get(each), "a");
  peer.setAndReset(variable, "b");
  assert.equal(peer.get(variable), "a");
  if (peer.set !== undefined) {
    peer.set(variable, "b");
    assert.equal(peer.get(variable), "b");
    peer.set(variable, "a");
  }
  peer.run(peer.copyEnterSet(variable, "c"), () => assert.equal(peer.get(variable), "c"));
  assert.equal(peer.get(variable), peer.isolated ? "a" : "c");
  if (peer.request !== undefined) {
    peer.request(() => peer.set!(variable, "c"))();
    assert.equal(peer.get(variable), "a");
  }
  const tasks = Promise.all([peer.task(variable, "c"), peer.task(variable, "d")]);
  assert.deepEqual(await tasks, peer.isolated ? ["c", "d"] : ["d", "d"]);
  assert.equal(peer.get(variable), peer.isolated ? "a" : "d");
  assert.deepEqual(await seenBy(peer, variable), SEEN_BY[peer.setReaches]);
  const { versions } = process;
  return {
    name: peer.name,
    setReaches: peer.setReaches,
    runtime: "deno" in versions ? `Deno ${versions.deno}` : `Node.js ${versions.node}`,
    operations: Object.keys(EXPRESSIONS).filter((name) => has(peer, name)),
  };
}

/** Tells whether an operation means anything to a peer. */
function has<V, C>(peer: Peer<V, C>, operation: string): boolean {
  if (operation === "set") return peer.set !== undefined;
  if (operation === "request") return peer.request !== undefined;
  return peer.isolated || !/copy|task/.test(operation);
}

/** Returns the nanoseconds of one operation, from one round; finds its length at first. */
async function measure<V, C>(
  peer: Peer<V, C>,
  variables: readonly V[],
  name: string,
  operations: Map<string, Operation<V, C>>,
): Promise<number> {
  const depth = Number(/(\d+) deep/.exec(name)?.[1] ?? 0);
  let operation = operations.get(name);
  if (operation === undefined) {
    operation = { loop: compile(EXPRESSIONS[name]!), times: name === "task" ? BATCH : 1 };
    operations.set(name, operation);
    while (await isShort(() => round(peer, variables, operation!, depth))) operation.times *= 2;
  }
  return await round(peer, variables, operation, depth) * 1e6 / operation.times;
}

/** Tells whether a round is too short. One that is long once may only have had to wait. */
async function isShort(act: () => Promise<number>): Promise<boolean> {
  for (let i = 0; i < 3; i++) {
    if (await act() < ROUND_MILLISECONDS) return true;
  }
  return false;
}

/** Returns the milliseconds of one round. */
function round<V, C>(
  peer: Peer<V, C>,
  variables: readonly V[],
  { loop, times }: Operation<V, C>,
  depth: number,
): Promise<number> {
  // Not a mere copy, which may be the current store itself: Node.js skips a `run` with that.
  const context = peer.isolated ? peer.copyEnterSet(variables[0]!, "b") : peer.copy();
  if (depth > 0) {
    return peer.run(context, () => round(peer, variables, { loop, times }, depth - 1));
  }
  const request = peer.request?.(() => handle(peer, variables));
  return timed(() => loop(peer, variables, context, nothing, request, times));
}

/** What a request does: sets each variable for the first time, and gets values. */
function handle<V, C>(peer: Peer<V, C>, variables: readonly V[]): unknown {
  for (const variable of variables) peer.set!(variable, "b");
  let value;
  for (let i = 0; i < REQUEST_GETS; i++) value = peer.get(variables[i % variables.length]!);
  return value;
}

async function timed(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

function compile<V, C>(expression: string): Loop<V, C> {
  const isTask = expression === EXPRESSIONS["task"];
  return new Function(
    `return ${isTask ? "async " : ""}(peer, variables, context, nothing, request, times) => {
    let value = "b", other = "c", index = 0, result;
    for (let i = 0; i < times; ${isTask ? `i += ${BATCH}` : "i++"}) {
      ${isTask ? batch(expression) : step(expression)}
    }
    return result;
  }`,
  )() as Loop<V, C>;
}

/** One operation on the next variable. Values change: CPython notices a set that changes nothing. */
function step(expression: string): string {
  return `
    const variable = variables[index];
    if (++index === variables.length) {
      index = 0;
      [value, other] = [other, value];
    }
    result = ${expression};`;
}

function batch(expression: string): string {
  return `
    const tasks = [];
    for (let task = 0; task < ${BATCH}; task++) {
      ${step(expression)}
      tasks.push(result);
    }
    await Promise.all(tasks);`;
}

/** Weighs a context while it is alive, and what is left of it when it is not. */
function weigh(make: (i: number) => unknown): { live: number; left: number } {
  const before = heapUsed();
  for (let i = 0; i < KEPT; i++) {
    kept[i] = make(i);
  }
  const live = (heapUsed() - before) / KEPT;
  kept.fill(undefined);
  return { live, left: (heapUsed() - before) / KEPT };
}

function heapUsed(): number {
  (globalThis as { gc?: () => void }).gc!();
  return process.memoryUsage().heapUsed;
}

/** Puts the variables in another order, always the same: nobody asks for them in their order. */
function shuffle(variables: unknown[]): void {
  let random = 1;
  for (let i = variables.length - 1; i > 0; i--) {
    random = (random * 16807) % 2147483647;
    const j = random % (i + 1);
    [variables[i], variables[j]] = [variables[j], variables[i]];
  }
}
