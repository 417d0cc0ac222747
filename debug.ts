/**
 * Debug mode: import this module first, and it is on.
 *
 * It reports on `console.warn` where code reads or resets what concurrent code of the same task has
 * changed, and where a variable is set outside any task. A `LookupError` then says why there is no
 * value, and {@linkcode explain} tells who set one.
 *
 * It finds the common mistakes; it does not prove that there are none. It is for development:
 * docs/mistakes.md says what it costs, and what it cannot see.
 *
 * ```sh
 * deno run --preload=@contextvars/contextvars/debug main.ts
 * node --import @contextvars/contextvars/debug main.js
 * bun --preload @contextvars/contextvars/debug main.ts
 * ```
 *
 * In a worker thread it must be imported again.
 *
 * @example Find a race
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ContextVar, createTask } from "@contextvars/contextvars";
 * import { onReport } from "@contextvars/contextvars/debug";
 *
 * const found: string[] = [];
 * onReport(({ kind }) => found.push(kind));
 *
 * const user = new ContextVar<string>("user");
 *
 * async function greet(name: string): Promise<string> {
 *   user.set(name);
 *   await Promise.resolve();
 *   return `hello, ${user.get()}`;
 * }
 *
 * await createTask(() => Promise.all([greet("alice"), greet("bob")]));
 * assertEquals(found, ["race"]);
 *
 * await Promise.all([createTask(greet, "alice"), createTask(greet, "bob")]);
 * assertEquals(found, ["race"]);
 * ```
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import { currentFrame, Frame, frameStorage, observer } from "./internal/core.ts";
import { adviceOutside } from "./internal/outside.ts";
import { once } from "./internal/shared.ts";
import { ContextVar, currentContext, Token } from "./mod.ts";

export type { ContextVar, ContextVarOptions, Token } from "./mod.ts"; // named by the types below

// deno-lint-ignore no-explicit-any -- methods of all types are replaced here
type Any = any;
type Variable = ContextVar<Any>;

const { Bun, Deno, navigator, process } = globalThis as Any;

/** How many calls of a stack are kept: most of what this costs. Bun counts our own too. */
const KEPT = Bun === undefined ? 8 : 24;
/** How many calls of a stack are shown, and how many tasks. */
const SHOWN = 3;
const SET_OUTSIDE = "Before the first await it reaches all that follows, after one no caller";
const OUTSIDE = "This code runs outside any task; bind callbacks: copyContext().bind(callback)";

const PLACE = /:\d+:\d+\)?$/;
const COLUMN = /:(\d+)\)?$/;
const SERVER = /deno_http|node:_http_server|node:internal\/http2|\bServer\./;
const TEST = /40_test\.js|node:internal\/test_runner|\b(vitest|jest-circus|mocha)\//;
// Bun's stacks show paths; those of the other runtimes show URLs.
const FOLDER = String(import.meta.url).replace(/^file:\/\/|[^/]*$/g, "").replace(/\W/g, "\\$&");
const OURS = `${FOLDER}(internal/|(context|context_var|task|token|debug|servers)\\.[jt]s:)`;
/** Calls that are not the user's. */
const HIDDEN = new RegExp(String.raw`\b(ext|node|bun|node-internal|native):|${OURS}`);
/** The part of a stack below the calls of a task. */
const BELOW = new RegExp(`^.*${OURS}[^]*`, "m");

/** What debug mode has found. */
export interface Report {
  /**
   * `race`: code reads or resets what concurrent code of the same task has left. `reset`: a value
   * was reset before the code was done that needs it. `outside`: a `set` outside any task, or a
   * `defaultFactory` that was called there: nothing keeps what it makes.
   */
  readonly kind: "race" | "reset" | "outside";
  /** The variable. */
  readonly variable: ContextVar<unknown>;
  /** What happened, where, and what to do: several lines, whose wording may change. */
  readonly text: string;
}

/**
 * A set or a reset of a variable, or the start of a task.
 *
 * Steps are a tree. A storage holds the last step of the running code; the next one becomes its
 * child, and the code that follows moves there. Code that is suspended, or a callback that waits,
 * stays at its step. So the tree forks where two pieces of code of a task run concurrently.
 *
 * Steps outlive their tasks, so they hold no frame and no value.
 */
interface Step {
  readonly verb: string;
  /** The variable; of a task's start, STEPS. */
  readonly of: Variable;
  readonly stack: string;
  readonly turn: { readonly time: number; isOver: boolean };
  readonly depth: number;
  parent: Step | undefined;
  /** The first step of the task; `undefined` outside any. */
  task: Step | undefined;
  /** Of a task's first step: the newest one. */
  newest?: Step;
  /** Of a reset: the set that it undoes. */
  undone?: Step;
}

const { get, set, reset, run } = ContextVar.prototype;
const dispose = Token.prototype[Symbol.dispose];
const { entries } = Frame.prototype;
const runStorage: Any = AsyncLocalStorage.prototype.run;

const steps = new AsyncLocalStorage<Step>();
/** Of a frame the first step of its task; of a variable the newest. */
const stepOf = new WeakMap<Frame | Variable, Step>();
/** What made the tokens that were not used yet. */
const setOf = new WeakMap<Token<Any>, Step>();
/** A hidden key. By it, each frame and each copy of it has the newest step of each variable. */
const STEPS: Variable = new ContextVar("steps");

let handle = (report: Report): void => console.warn(report.text);
const reported = new Set<string>();
let turn: Step["turn"] | undefined;
/** Where code is that is in no server and no test, as far as its stack shows. */
let at: "script" | undefined = Bun === undefined ? "script" : undefined;

/**
 * Hands each report to a function, in place of `console.warn`. It gets each mistake once.
 *
 * What the function throws is thrown where the code read or set the variable; a `set` has then
 * changed nothing. So a test can fail on a race.
 *
 * @example Let a test fail on a race
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { ContextVar, createTask } from "@contextvars/contextvars";
 * import { onReport } from "@contextvars/contextvars/debug";
 *
 * onReport(({ text }) => {
 *   throw new Error(text);
 * });
 *
 * const user = new ContextVar<string>("user");
 *
 * async function greet(name: string): Promise<string> {
 *   user.set(name);
 *   await Promise.resolve();
 *   return `hello, ${user.get()}`;
 * }
 *
 * const both = () => Promise.all([greet("alice"), greet("bob")]);
 * await assertRejects(() => createTask(both), Error, "race");
 * ```
 */
export function onReport(handler: (report: Report) => void): void {
  handle = handler;
  reported.clear();
}

/**
 * Tells who gave a variable the value that it has here: where, when and in which task, and where
 * that task and those above it were started. Where there is no value, tells why.
 *
 * The text is for people; its wording may change.
 *
 * @example Ask where a value comes from
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { ContextVar } from "@contextvars/contextvars";
 * import { explain } from "@contextvars/contextvars/debug";
 *
 * const user = new ContextVar<string>("user");
 *
 * user.run("alice", () => {
 *   assertStringIncludes(explain(user), `<ContextVar "user"> is 'alice'`);
 * });
 * ```
 */
export function explain(variable: ContextVar<unknown>): string {
  const values = currentContext();
  const found = values.has(variable) ? `is ${inspect(values.get(variable))}` : "has no value here";
  return `${variable} ${found}.${why(variable)}`;
}

/** Tells where a value comes from, or why there is none. */
function why(variable: Variable): string {
  const frame = currentFrame();
  const above = pathOf(stepOf.get(frame)).slice(0, SHOWN);
  const seen = stepOf.get(variable);
  const isLost = !currentContext().has(variable);
  // Frames outside tasks have no steps.
  const last = currentSteps().get(variable) ?? (isLost || !seen?.task ? seen : undefined);
  const before = pathOf(last?.undone?.parent).find(({ of }) => of === last!.of);
  const texts = [
    last === undefined ? "Nothing has set it while debug mode was on." : `It was ${tell(last)}`,
    ...above.map((task, index) => `${index > 0 ? "The one above" : "This task"} was ${tell(task)}`),
  ];
  if (before !== undefined) texts.splice(1, 0, `That brought back what was ${tell(before)}`);
  if (frame.outside !== undefined) texts.unshift(OUTSIDE);
  if (isLost && above.indexOf(last?.task as Step) > 0) texts.push("Set it before this task starts");
  return texts.map((text) => `\n  ${text}`).join("");
}

/** Replaces methods of the core, which pays nothing for debug mode while it is off. */
function install(): void {
  const below = ContextVar.prototype.get = function (this: Variable, ...fallback: [Any?]): Any {
    const value = Reflect.apply(get, this, fallback);
    check(this, "reads", below);
    return value;
  };
  observer.reasonOf = (v: Any) => (check(v, "reads", below), why(v));
  observer.madeOutside = (v: Any) => reportOutside(v, "makes a default", "Nothing keeps it", below);
  ContextVar.prototype.set = function below(this: Variable, value: unknown): Token<Any> {
    if (currentFrame().outside !== undefined) {
      dispose.call(set.call(this, value)); // it throws where nothing can be set
      reportOutside(this, "is set", SET_OUTSIDE, below);
    }
    const token = set.call(this, value);
    setOf.set(token, record(this, "set", stackBelow(below)));
    return token;
  };
  ContextVar.prototype.reset = function below(this: Variable, token: Token<Any>): void {
    undo(token, () => reset.call(this, token), below);
  };
  Token.prototype[Symbol.dispose] = function below(this: Token<Any>): void {
    undo(this, () => dispose.call(this), below);
  };
  ContextVar.prototype.run = function below(this: Variable, ...[value, fn, ...args]: Any): Any {
    const stack = stackBelow(below); // now: at its last call, Bun takes a function off the stack
    const inTask = () => (record(this, "given by run()", stack), fn(...args));
    return Reflect.apply(run, this, [value, typeof fn === "function" ? inTask : fn]);
  };
  // Every task starts here, and every later call in its frame, which has seen all of its steps.
  frameStorage.run = function below(frame: Frame, ...rest: Any): Any {
    const task = stepOf.get(frame);
    const parent = task?.newest ?? stepOf.get(currentFrame());
    const step = makeStep("started", STEPS, task ? "" : stackBelow(below), parent, task);
    if (task === undefined) stepOf.set(frame, step.newest = step.task = step);
    return steps.run(step, () => runStorage.call(frameStorage, frame, ...rest));
  };
  Frame.prototype.entries = function (this: Frame) {
    return entries.call(this).filter(([variable]) => variable !== STEPS);
  };
  if (navigator?.userAgent === "Cloudflare-Workers") steps.enterWith = () => {}; // it throws there
  if (Deno === undefined) return;
  Deno.serve = new Proxy(Deno.serve, { apply: (...it) => (at = undefined, Reflect.apply(...it)) });
  void setTimeout; // Deno 2.9 loads it at its first use, and runs queued microtasks then
  // There the end of any storage's `run` undoes the moves of the code in it.
  AsyncLocalStorage.prototype.run = function (this: Any, ...[store, fn, ...args]: Any): Any {
    const [result, last] = runStorage.call(this, store, () => [fn(...args), steps.getStore()]);
    if (last !== undefined && last.task === steps.getStore()?.task) steps.enterWith(last);
    return result;
  };
}

function makeStep(verb: string, of: Variable, stack: string, parent?: Step, task?: Step): Step {
  const depth = (parent?.depth ?? -1) + 1;
  const step: Step = { verb, of, stack, turn: currentTurn(), depth, parent, task };
  // Memory must not grow: some 200 steps above this one are enough.
  if (depth % 200 === 0) Object.assign(pathOf(step)[200] ?? {}, { parent: undefined });
  return step;
}

/** Lists a step and those above it. */
function pathOf(step: Step | undefined): Step[] {
  const path: Step[] = [];
  for (let each = step; each !== undefined; each = each.parent) path.push(each);
  return path;
}

/** Returns the newest step of each variable in the current task. */
function currentSteps(): Map<Variable, Step> {
  return Reflect.apply(get, STEPS, [new Map()]);
}

/** Makes a step of the running code, which moves there. */
function record(variable: Variable, verb: string, stack: string): Step {
  const frame = currentFrame();
  const task = stepOf.get(frame);
  const step = makeStep(verb, variable, stack, task && steps.getStore(), task);
  stepOf.set(variable, step);
  if (task) set.call(STEPS, new Map(currentSteps()).set(variable, step));
  if (task) steps.enterWith(task.newest = step);
  return step;
}

/**
 * Undoes a set. In another task than the token's that is no step: that task's code has not moved.
 */
function undo(token: Token<Any>, how: () => void, below: Any): void {
  const undone = setOf.get(token);
  const isHere = undone !== undefined && undone.task === stepOf.get(currentFrame());
  if (isHere) check(token.var, "resets", below);
  how();
  setOf.delete(token);
  if (isHere) record(token.var, "reset", stackBelow(below)).undone = undone;
}

/** Reports a race, or a value that was reset too early, if there is one. */
function check(variable: Variable, verb: "reads" | "resets", below: Any): void {
  const reader = steps.getStore();
  const writer = currentSteps().get(variable);
  if (reader?.task === undefined || writer?.task !== reader.task) return;
  // Where the reader has seen the writer, all is well.
  const expected = pathOf(reader).includes(writer) ? undefined : expectedBy(reader, writer, below);
  if (expected === undefined) return;
  const isEarly = writer.undone === expected;
  const what = isEarly ? `${variable} was reset too early` : `a race on ${variable} in one task`;
  // By the place of `expected`, so that one mistake makes one report.
  report(isEarly ? "reset" : "race", variable, expected.stack, [
    `${what}: this code ${verb} it${linesOf(stackBelow(below))}`,
    `It expects what was ${tell(expected)}`,
    `It finds what was ${tell(writer)}`,
    isEarly ? "Await the call first: return await fn()." : "Start each with createTask(fn, ...).",
  ]);
}

/**
 * Returns the step that code at the step `reader` should find instead of `writer`, the newest of
 * its variable in the task; or `undefined` where all is well, as far as one can tell.
 *
 * All is well where the reader has seen the writer, and where no step of the variable is above the
 * reader, which then expects nothing. Otherwise the two part at a fork, their nearest common step,
 * and there is a mistake in three cases:
 * - The reader's branch itself wrote the variable below the fork.
 * - The reader's branch left the fork's turn, suspended or put off, and then the code of that turn
 *   wrote the variable behind its back.
 * - The reader's function set it. The writer's called that function, and did not wait for it.
 */
function expectedBy(reader: Step, writer: Step, below: Any): Step | undefined {
  const ours = pathOf(reader).filter(({ task }) => task === reader.task);
  const theirs = pathOf(writer);
  const fork = theirs.find((step) => ours.includes(step));
  const expected = ours.find(({ of }) => of === writer.of);
  if (fork === undefined || expected === undefined) return undefined;
  const left = ours[ours.indexOf(fork) - 1];
  const right = theirs.slice(0, theirs.indexOf(fork));
  const first = right.findLast(({ of }) => of === writer.of)!;
  if (expected.depth > fork.depth) return expected;
  if ((left?.turn ?? currentTurn()) !== fork.turn && first.turn === fork.turn) return expected;
  const known = runningIn(expected.stack);
  const reading = left?.stack ?? stackBelow(below);
  const writing = right.at(-1)!.stack;
  const [own, other] = [positionIn(known, reading), positionIn(known, writing)];
  const waiting = known[own]?.replace("at ", "at async ").replace(PLACE, ":") ?? "";
  const isWaitedFor = waiting.includes("(") && writing.includes(waiting);
  if (own >= 0 && own < other && !isWaitedFor) return expected;
  // Who reads in the turn of a reset was at work before it. Later the caller of what has reset must
  // wait still, and what reads at once may be a callback of `then`, which comes when all is done.
  const caller = known[other + 1];
  const isAwaited = caller === undefined || (known.lastIndexOf(caller) === other + 1 &&
    countWaiting(caller, reading) > countWaiting(caller, expected.stack));
  const isEarly = writer.turn === currentTurn() || (writer.turn.isOver && isAwaited);
  return writer.undone === expected && other >= 0 && isEarly ? expected : undefined;
}

/**
 * Returns where the function in which a stack was resumed stands in a list of calls; -1: nowhere.
 */
function positionIn(known: string[], stack: string): number {
  const resumed = runningIn(stack).at(-1)?.replace(PLACE, "");
  // Functions without a name look the same. One that still waits is another.
  const names = known.map((call) => countWaiting(call, stack) ? "" : call.replace(PLACE, ""));
  const position = names.indexOf(resumed!);
  return resumed && position === names.lastIndexOf(resumed!) ? position : -1;
}

/** Lists the calls of a task that ran, innermost first; last an empty one if there may be more. */
function runningIn(stack: string): string[] {
  const text = stack.replace(BELOW, "");
  const isCut = text.split("\n").length > KEPT && !/ async [^\n]*$/.test(text);
  return [...callsOf(text).filter((call) => !call.includes(" async ")), ...(isCut ? [""] : [])];
}

/** Counts the calls in a stack that wait in the line of a call, where `await` stands before it. */
function countWaiting(call: string, stack: string): number {
  const [line, column] = call.trim().replace("at ", "").split(COLUMN);
  const places = callsOf(stack).map((it) => (it.split(" async ")[1] ?? "").split(COLUMN));
  return places.filter(([it, at]) => it === line && Number(at) <= Number(column)).length;
}

/** Returns the stack of a function's caller: its text, for the object would keep values alive. */
function stackBelow(fn: Any): string {
  const holder: { stack?: unknown } = {};
  const { stackTraceLimit } = Error;
  Reflect.set(Error, "stackTraceLimit", KEPT); // `Error` may be frozen
  try {
    Error.captureStackTrace?.(holder, fn);
    return [holder.stack].flat().join("\n");
  } catch {
    return ""; // Error.prepareStackTrace may throw, and return anything
  } finally {
    Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
  }
}

/** Lists the user's calls in a stack, innermost first. */
function callsOf(stack: string): string[] {
  return stack.split("\n").filter((line) => PLACE.test(line) && !HIDDEN.test(line));
}

function linesOf(stack: string): string {
  return callsOf(stack).slice(0, SHOWN).map((call) => `\n${call}`).join("");
}

function tell({ verb, turn, stack }: Step): string {
  return `${verb} ${Math.round(performance.now() - turn.time)} ms ago${linesOf(stack)}`;
}

function reportOutside(variable: Variable, what: string, effect: string, below: Any): void {
  const stack = stackBelow(below);
  if (process?.getActiveResourcesInfo?.().includes("TCPServerWrap")) at = undefined;
  const place = SERVER.test(stack) ? "server" : TEST.test(stack) ? "test" : at;
  const text = `${variable} ${what} outside any task${linesOf(stack)}`;
  report("outside", variable, stack, [text, `${effect}: ${adviceOutside(place)}.`]);
}

function report(kind: Report["kind"], variable: Variable, place: string, texts: string[]): void {
  // First, since the handler may read the variable, or throw.
  if (reported.size === reported.add(`${kind} ${variable} ${callsOf(place)[0]}`).size) return;
  handle({ kind, variable, text: `contextvars: ${texts.join("\n  ")}` });
}

/**
 * Returns what stands for this turn. Two steps of one turn, one above the other, were made without
 * an await or a callback between them: whatever the upper one queued runs after the turn has ended.
 */
function currentTurn(): Step["turn"] {
  if (turn !== undefined) return turn;
  const current: Step["turn"] = turn = { time: performance.now(), isOver: false };
  queueMicrotask(() => turn = undefined);
  process?.nextTick?.(() => turn = void (current.isOver = true)); // may come first
  return current;
}

// @ts-expect-error TypeScript takes a function for a constant.
({ explain, onReport } = once("debug", () => (install(), { explain, onReport })));
