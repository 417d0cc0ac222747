/**
 * What functions do to variables, by themselves and by the functions that they call in their own
 * task. Only what the file shows is believed: a callback given to an unknown function runs nowhere.
 */

import type { SourceFile } from "./source_file.ts";
import {
  around,
  bare,
  calledName,
  functionAround,
  isInside,
  memo,
  type Node,
  propertyOf,
} from "./syntax.ts";

/** A set, as whoever calls the function sees it. */
export interface Write {
  /**
   * How far its value has come: nobody has read it; somebody has, before any await; then there was
   * an await; or somebody needs it after an await.
   */
  progress: "set" | "read" | "over" | "late";
  readonly isTakenBack: boolean;
  /** Whether the function waits for its turn before, as with a mutex. */
  readonly isInTurn: boolean;
}

const NOW = /^(map|flatMap|forEach|filter|reduce|some|every|find|sort|from)$/;
export const TIMER: RegExp = /^(set(Timeout|Interval|Immediate)|queueMicrotask|nextTick)$/;
const AWAIT = /^(AwaitExpression|YieldExpression|ForOfStatement)$/;
const TURNS = /mutex|lock|exclusive|serial|acquire|semaphore/i;

/** What a function, or a call, does in the task of its caller. */
export class Effects {
  readonly sets: Map<Node, Write> = new Map();
  readonly gets: Set<Node> = new Set();
  /** Those of `gets` that come after an await. */
  readonly late: Set<Node> = new Set();
  /** Which of its parameters the function calls, before any await. */
  readonly calls: Set<number> = new Set();
  awaits = false;

  /** The variables whose value is left to others. */
  get left(): Node[] {
    return [...this.sets].filter(([, it]) => !it.isTakenBack).map(([variable]) => variable);
  }

  /** The variables that are read where others have set them. */
  get found(): Node[] {
    return [...this.gets].filter((it) => !this.sets.has(it));
  }

  /** The variables that these sets, and others beside them, mix up. */
  clashesWith(other: Effects): Node[] {
    return [...this.sets].filter(([variable, { progress, isInTurn }]) => {
      const isNeeded = progress === "set" || progress === "late";
      return !isInTurn && (other.sets.has(variable) ? isNeeded : other.gets.has(variable));
    }).map(([variable]) => variable);
  }

  get(variable: Node, isLate: boolean): void {
    this.gets.add(variable);
    if (isLate) this.late.add(variable);
    this.use(variable);
  }

  use(variable: Node): void {
    const write = this.sets.get(variable);
    if (write?.progress === "set") write.progress = "read";
    if (write?.progress === "over") write.progress = "late";
  }

  set(variable: Node, write: Write): void {
    if (this.sets.get(variable)?.progress !== "late") this.sets.set(variable, { ...write });
  }

  pass(): void {
    this.awaits = true;
    for (const it of this.sets.values()) {
      if (it.progress === "set") it.progress = "late";
      if (it.progress === "read") it.progress = "over";
    }
  }

  add(called: Effects): this {
    for (const it of called.gets) {
      this.get(it, this.awaits || called.late.has(it));
      const write = this.sets.get(it);
      if (write && called.late.has(it)) write.progress = "late";
    }
    for (const [variable, it] of called.sets) this.set(variable, it);
    this.awaits ||= called.awaits;
    return this;
  }
}

export class EffectsOfFile {
  readonly #file: SourceFile;
  readonly #known = new Map<Node, Effects>();
  readonly #parts = new Map<Node, Node[]>();

  constructor(file: SourceFile) {
    this.#file = file;
  }

  /** The calls and awaits of a function itself, in the order in which they come to their end. */
  partsOf(fn: Node): Node[] {
    if (this.#parts.size === 0) {
      const ends = new Map<Node, number>();
      for (
        const node of this.#file.all(
          "CallExpression",
          "NewExpression",
          "AwaitExpression",
          "YieldExpression",
          "ForOfStatement",
        )
      ) {
        if (node.type === "ForOfStatement" && !node.await) continue;
        ends.set(node, (node.type === "ForOfStatement" ? node.right : node).range[1]);
        const owner = functionAround(node);
        const known = this.#parts.get(owner);
        if (known) known.push(node);
        else this.#parts.set(owner, [node]);
      }
      for (const parts of this.#parts.values()) parts.sort((a, b) => ends.get(a)! - ends.get(b)!);
    }
    return this.#parts.get(fn) ?? [];
  }

  /** What a function does, or the program's top level. */
  of(fn: Node): Effects {
    const known = this.#known.get(fn);
    if (known) return known;
    const effects = new Effects();
    this.#known.set(fn, effects);
    let isInTurn = false;
    for (const node of this.partsOf(fn)) {
      if (AWAIT.test(node.type)) {
        effects.pass();
        isInTurn ||= TURNS.test(node.argument?.callee && this.#file.text(node.argument.callee));
        continue;
      }
      const get = this.#file.method(node, "get");
      const set = this.#file.method(node, "set");
      const reset = this.#file.method(node, "reset");
      const parameter = this.#file.parameterOf(node.callee);
      if (get) effects.get(get, effects.awaits);
      else if (reset) effects.use(reset);
      else if (set) {
        const isTakenBack = this.endOf(node, set) !== undefined;
        effects.set(set, { progress: "set", isTakenBack, isInTurn });
      } else if (parameter?.fn !== fn) effects.add(this.ofCall(node));
      else if (!effects.awaits) effects.calls.add(parameter!.index);
    }
    return effects;
  }

  /** What a call does in the task that makes it, with the calls that it is chained to. */
  readonly ofCall: (call: Node) => Effects = memo((call) => {
    const effects = new Effects();
    if (this.#file.start(call)) return effects;
    const name = calledName(call);
    const functions = (node: Node) => this.#file.functionsOf(node);
    const called = call.type === "NewExpression" ? [] : functions(call.callee);
    for (const fn of called) effects.add(this.of(fn));
    const isLater = /^(then|catch|finally)$/.test(name) || TIMER.test(name) || this.isLimiter(call);
    if (isLater) {
      if (bare(call.callee).object?.callee) effects.add(this.ofCall(bare(call.callee).object));
      effects.pass();
    }
    const takes = called.length > 0 && !TURNS.test(this.#file.text(call.callee))
      ? (index: number) => called.some((fn) => this.of(fn).calls.has(index))
      : () => isLater || (call.type === "NewExpression" ? name === "Promise" : NOW.test(name));
    for (const [index, it] of call.arguments.entries()) {
      if (!takes(index) || this.#file.parameterOf(it)) continue; // of each of its own calls
      for (const fn of functions(it)) effects.add(this.of(fn));
    }
    return effects;
  }, () => new Effects());

  /** Where the value of a set is taken back: by `reset`, or where the block of a `using` ends. */
  endOf(set: Node, variable: Node): number | undefined {
    if (/using$/.test(set.parent.parent?.kind)) {
      return around(set, ({ type }) => /^(Block|Program|StaticBlock)/.test(type))?.range[1] ??
        functionAround(set).range[1];
    }
    return this.partsOf(functionAround(set)).find((it) =>
      this.#file.method(it, "reset") === variable && it.range[0] > set.range[1]
    )?.range[0];
  }

  /** Whether a call is one of `pLimit(3)`, or of the like, which run several callbacks at once. */
  isLimiter(call: Node): boolean {
    const callee = bare(call.callee);
    const isMethod = propertyOf(callee) !== undefined;
    if (isMethod && !/^(add|run|use)$/.test(callee.property.name)) return false;
    const maker = this.#file.resolve(isMethod ? callee.object : callee);
    if (!/^(Call|New)Expression$/.test(maker?.type)) return false;
    const sizes = maker.arguments.map((it: Node) => this.#file.text(this.#file.resolve(it) ?? it));
    return /limit|pool|PQueue/i.test(this.#file.text(maker.callee)) && !isInside(call, maker) &&
      !/^1$|concurrency: 1\b/.test(sizes.join());
  }
}
