/**
 * Steps: a tree of what code has done to variables. It shows which code is concurrent.
 *
 * Each `set`, each reset and each start of a task is a step. An `AsyncLocalStorage` holds the last
 * step of the running code. The next step becomes a child of that one, and the code that follows
 * moves there. Code that is suspended, or a callback that waits, stays at the step where it was: so
 * the tree forks where two pieces of code run concurrently, although they share one context.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { Site } from "./site.ts";
import type { Task } from "./task.ts";

/** How many steps above one are kept at least. */
const REACH = 200;

/** Holds the last step of the running code. */
export const steps: AsyncLocalStorage<Step> = new AsyncLocalStorage();

/** A set or a reset of a variable, or the start of a task. */
export class Step {
  /** Undefined for code outside any task. */
  readonly task: Task | undefined;
  readonly kind: "start" | "set" | "reset";
  /** The variable's number, or -1. The variable itself would be kept alive. */
  readonly number: number;
  readonly site: Site = new Site();
  readonly time: number = performance.now();
  readonly turn: number = currentTurn();
  readonly depth: number;
  parent: Step | undefined;
  /** The step that made the value; for a reset, the one whose value is back. */
  origin: Step | undefined = this;

  constructor(task: Task | undefined, kind: Step["kind"], parent?: Step, number = -1) {
    this.task = task;
    this.kind = kind;
    this.number = number;
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    if (this.depth % REACH === 0) cutAbove<Step>(this, REACH);
  }

  /** Says how long ago it was. */
  get ago(): string {
    return `${Math.round(performance.now() - this.time)} ms ago`;
  }
}

/** Forgets what is more than `reach` above a node of a tree, so that memory does not grow. */
export function cutAbove<N extends { parent: N | undefined }>(node: N, reach: number): void {
  let top: N | undefined = node;
  for (let i = 0; i < reach; i++) top = top?.parent;
  if (top !== undefined) top.parent = undefined;
}

/** Moves the code that follows to a step. */
export function moveTo(step: Step): void {
  try {
    steps.enterWith(step);
  } catch {
    // Cloudflare Workers: not implemented. Debug mode finds no races there.
  }
}

let turn = 0;
let turnEnds = false;
const { nextTick } =
  (globalThis as { process?: { nextTick?: (callback: () => void) => void } }).process ?? {};

/**
 * Returns the number of this turn. Two steps of one turn, one above the other, were made without an
 * await or a callback between them: whatever the upper one queued runs after the turn has ended.
 */
export function currentTurn(): number {
  if (!turnEnds) {
    turnEnds = true;
    queueMicrotask(endTurn);
    nextTick?.(endTurn); // whichever the runtime calls first
  }
  return turn;
}

function endTurn(): void {
  turn++;
  turnEnds = false;
}
