/**
 * What functions do to variables, by themselves and by the functions that they call in their own
 * task. Only what the file shows is believed: a callback given to an unknown function runs nowhere.
 */

import type { SourceFile } from "./source_file.ts";
import {
  around,
  isInside,
  memo,
  nameOf,
  type Node,
  objectOf,
  ownerOf,
  precedes,
} from "./syntax.ts";

/** A set, as whoever calls the function sees it. */
interface Write {
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
const TURNS = /mutex|lock|exclusive|serial|acquire|semaphore|permit|\bturn\b/i;

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
    return [...this.sets.keys()].filter((it) => !this.sets.get(it)!.isTakenBack);
  }

  /** The variables that are read where others have set them. */
  get found(): Node[] {
    return [...this.gets].filter((it) => !this.sets.has(it));
  }

  /** The variables that these sets, and others beside them, mix up. */
  clashesWith(other: Effects): Node[] {
    return [...this.sets.keys()].filter((variable) => {
      const { progress, isInTurn } = this.sets.get(variable)!;
      const isNeeded = progress === "set" || progress === "late";
      return !isInTurn && (other.sets.has(variable) ? isNeeded : other.gets.has(variable));
    });
  }

  get(variable: Node, isLate: boolean = this.awaits): void {
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

  add(called: Effects): void {
    for (const it of called.gets) {
      this.get(it, this.awaits || called.late.has(it));
      if (called.late.has(it) && this.sets.has(it)) this.sets.get(it)!.progress = "late";
    }
    for (const [variable, it] of called.sets) this.set(variable, it);
    this.awaits ||= called.awaits;
  }
}

export class EffectsOfFile {
  readonly #file: SourceFile;
  readonly #parts = new Map<Node, Node[]>();

  constructor(file: SourceFile) {
    this.#file = file;
  }

  /** The calls and awaits of a function itself, in the order in which they come to their end. */
  readonly partsOf: (fn: Node) => Node[] = (fn) => {
    if (this.#parts.size === 0) {
      const endOf = memo((it) => (it.type === "ForOfStatement" ? it.right : it).range[1]);
      const all = [...this.#file.calls, ...this.#file.waits].sort((a, b) => endOf(a) - endOf(b));
      for (const it of all) this.#parts.set(ownerOf(it), []);
      for (const it of all) this.#parts.get(ownerOf(it))!.push(it);
    }
    return this.#parts.get(fn) ?? [];
  };

  /** What a function does, or the program's top level. */
  readonly of: (fn: Node) => Effects = memo((fn) => {
    const effects = new Effects();
    let isInTurn = false;
    for (const node of this.partsOf(fn)) {
      if (!node.callee) {
        effects.pass();
        isInTurn ||= TURNS.test(node.argument?.callee && this.#file.text(node.argument.callee));
        continue;
      }
      const variable = this.#file.method(node, "get", "set", "reset");
      const parameter = this.#file.parameterOf(node.callee);
      if (variable) this.#apply(effects, node, variable, isInTurn);
      else if (parameter?.fn !== fn) effects.add(this.ofCall(node));
      else if (!effects.awaits) effects.calls.add(parameter!.index);
    }
    return effects;
  }, () => new Effects());

  #apply(effects: Effects, call: Node, variable: Node, isInTurn: boolean): void {
    if (nameOf(call) === "get") effects.get(variable);
    if (nameOf(call) === "reset") effects.use(variable);
    if (nameOf(call) !== "set") return;
    effects.set(variable, {
      progress: "set",
      isTakenBack: this.endOf(call, variable) !== undefined,
      isInTurn,
    });
  }

  /** What a call does in the task that makes it, with the calls that it is chained to. */
  readonly ofCall: (call: Node) => Effects = memo((call) => {
    const effects = new Effects();
    if (this.#file.start(call)) return effects;
    const name = nameOf(call);
    const called = call.type === "NewExpression" ? [] : this.#file.functionsOf(call.callee);
    for (const fn of called) effects.add(this.of(fn));
    const isLater = /^(then|catch|finally)$/.test(name) || TIMER.test(name) || this.isLimiter(call);
    if (isLater && objectOf(call)?.callee) effects.add(this.ofCall(objectOf(call)));
    if (isLater) effects.pass();
    const takesAll = isLater ||
      (call.type === "NewExpression" ? name === "Promise" : NOW.test(name));
    const isHost = called.length > 0 && !TURNS.test(this.#file.text(call.callee));
    for (const [index, it] of call.arguments.entries()) {
      const takes = isHost ? called.some((fn) => this.of(fn).calls.has(index)) : takesAll;
      if (!takes || this.#file.parameterOf(it)) continue; // each of its callers gives another
      for (const fn of this.#file.functionsOf(it)) effects.add(this.of(fn));
    }
    return effects;
  }, () => new Effects());

  /** Where the value of a set is taken back: by `reset`, or where the block of a `using` ends. */
  endOf(set: Node, variable: Node): number | undefined {
    const fn = ownerOf(set);
    if (/using$/.test(set.parent.parent?.kind) || /^(use|adopt)$/.test(nameOf(set.parent))) {
      return (around(set, ({ type }) => /^(Block|Static)/.test(type)) ?? fn).range[1];
    }
    const takesBack = (it: Node) =>
      this.#file.method(it, "reset") === variable ||
      it.callee?.computed && this.#file.resolve(objectOf(it)) === set; // token[Symbol.dispose]()
    return this.partsOf(fn).find((it) => precedes(set, it) && takesBack(it))?.range[0];
  }

  /** Whether a call is one of `pLimit(3)`, or of the like, which run several callbacks at once. */
  isLimiter(call: Node): boolean {
    const object = objectOf(call);
    if (object && !/^(add|run|use)$/.test(nameOf(call))) return false;
    const maker = this.#file.resolve(object ?? call.callee);
    if (!maker?.callee || isInside(call, maker)) return false;
    const sizes = maker.arguments.map((it: Node) => this.#file.text(this.#file.resolve(it) ?? it));
    return /limit|pool|PQueue/i.test(this.#file.text(maker.callee)) &&
      !/^1$|concurrency: 1\b/.test(sizes.join());
  }
}
