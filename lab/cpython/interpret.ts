/**
 * Runs programs over this module, and writes their traces; `interpret.py` does the same in Python.
 * As a process it reads one program a line from stdin, as JSON, and writes one trace a line.
 */

import process from "node:process";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { Context, ContextVar, copyContext, createTask, Token } from "@contextvars/contextvars";
import { type Block, DID_NOT_END, type Entry, type Program, type Step } from "./program.ts";
import { Scheduler, type Task } from "./scheduler.ts";

/** What CPython's messages say too; tells the reasons of one class apart. */
const REASONS = [
  "a ContextVar key was expected",
  "has already been used once",
  "was created by a different ContextVar",
  "was created in a different Context",
  "is already entered",
];

/** A program's variables, with its offset, are never in two strides. */
const STRIDE = 2 * 32 ** 2;

/** How many variables there are: where programs are interpreted, nothing else makes any. */
let variablesMade = 0;

type Blocks = readonly Block[];

/** Does a step, given what its operands mean. */
// deno-lint-ignore no-explicit-any -- each kind of step takes its own
type Operation = (given: any) => unknown;

/** Steps on their way: it yields what they wait for. */
type Playing<T> = Generator<unknown, T, PromiseSettledResult<unknown>[]>;

/** What a program raises by itself. */
class ProgramError extends Error {}

/** What Python's `context[variable]` raises, where this module's contexts return `undefined`. */
class KeyError extends Error {}

/** Runs a program, and returns an entry for each step that ended. */
export async function interpret(program: Program): Promise<Entry[]> {
  const interpreter = new Interpreter(program);
  interpreter.start([program.block]);
  interpreter.scheduler.passOn();
  await setImmediate(); // programs wait for nothing but promises
  if (!interpreter.scheduler.isOver) interpreter.trace.push(DID_NOT_END);
  return interpreter.trace;
}

class Interpreter {
  readonly trace: Entry[] = [];
  readonly scheduler: Scheduler;
  readonly #contexts: Context[] = [];
  readonly #made = {
    variable: [] as ContextVar<unknown>[],
    token: [] as Token<unknown>[],
    context: this.#contexts,
    other: this.#contexts,
    task: [] as Task[],
    generator: [] as AsyncGenerator<number, void>[],
  };
  readonly #busy = new Set<AsyncGenerator>();

  readonly #waiting: Record<string, Operation> = {
    body: ({ blocks }) => this.#doAll(blocks),
    wait: () => this.scheduler.wait(),
    helper: ({ blocks }) => this.#doAll(blocks),
    join: async ({ task }) => await this.scheduler.wait([task]) ? await task.result : "deadlock",
    gather: ({ blocks, settled }) => this.#gather(blocks, settled),
    next: ({ generator }) => this.#advance(generator, "next"),
    close: ({ generator }) => this.#advance(generator, "return"),
  };

  readonly #atOnce: Record<string, Operation> = {
    set: ({ variable, value }) => void this.#made.token.push(variable.set(value)),
    get: ({ variable, ...given }) => variable.get(...Object.values(given)),
    reset: ({ token, variable = token.var }) => variable.reset(token),
    wrongToken: ({ variable }) => variable.reset(undefined),
    showToken: ({ token }) => [
      this.#made.variable.indexOf(token.var),
      token.oldValue === Token.MISSING ? "<Token.MISSING>" : token.oldValue,
    ],
    showName: ({ variable }) => variable.name,
    copyContext: () => void this.#contexts.push(copyContext()),
    emptyContext: () => void this.#contexts.push(new Context()),
    copy: ({ context }) => void this.#contexts.push(context.copy()),
    run: ({ context, blocks }) => context.run((it: Blocks) => this.#doAllAtOnce(it), blocks),
    runBound: ({ context, blocks }) => context.bind((it: Blocks) => this.#doAllAtOnce(it))(blocks),
    runWith: ({ variable, value, blocks }) =>
      variable.run(value, (it: Blocks) => this.#doAllAtOnce(it), blocks),
    lookUp: ({ context, ...given }) => context.get(...Object.values(given)),
    item: ({ context, variable }) => {
      if (!context.has(variable)) throw new KeyError();
      return context.get(variable);
    },
    has: ({ context, variable }) => context.has(variable),
    size: ({ context }) => context.size,
    items: ({ context }) => {
      const numberOf = (key: ContextVar<unknown>) => this.#made.variable.indexOf(key);
      return [
        [...context.keys()].map(numberOf).sort((a, b) => a - b),
        [...context.values()].map((value) => JSON.stringify(value)).sort(),
        [...context].sort(([a], [b]) => numberOf(a) - numberOf(b))
          .map(([key, value]) => [numberOf(key), value]),
      ];
    },
    equals: ({ context, other }) => context.equals(other),
    wrongKey: ({ context }) => context.has("a name"),
    task: ({ blocks }) => void this.#made.task.push(this.start(blocks)),
    taskIn: ({ context, blocks }) =>
      void this.#made.task.push(this.start(blocks, (body) => runTask(context, body))),
    generator: ({ blocks }) => void this.#made.generator.push(this.#generate(blocks)),
  };

  constructor(program: Program) {
    this.scheduler = new Scheduler(program.schedule);
    this.#made.variable = makeVariables(program);
  }

  /** Starts a task that waits for its first turn. */
  start(
    blocks: Blocks,
    create: (body: () => Promise<number>) => Promise<number> = createTask,
  ): Task {
    const task = this.scheduler.join();
    task.result = create(() => this.#play(task, blocks));
    task.result.catch(() => {}); // the trace has the error, and nobody needs to await the task
    return task;
  }

  async #play(task: Task, blocks: Blocks): Promise<number> {
    await task.turn.promise;
    try {
      await this.#doAll([[{ kind: "body", blocks }]]);
    } finally {
      this.scheduler.leave(task);
    }
    return task.number;
  }

  /** Does steps in an async function. */
  async #doAll(blocks: Blocks): Promise<number> {
    const playing = this.#steps(blocks, true);
    let next = playing.next([]);
    while (!next.done) next = playing.next(await Promise.allSettled([next.value]));
    return next.value;
  }

  /** Does what `#doAll` does, for the blocks of `run`. */
  #doAllAtOnce(blocks: Blocks): number {
    return this.#steps(blocks, false).next([]).value as number;
  }

  *#steps(blocks: Blocks, waits: boolean): Playing<number> {
    const steps = blocks.flat();
    for (const step of steps) {
      try {
        this.#write(step, { gave: (yield* this.#do(step, waits)) ?? null });
      } catch (error) {
        this.#write(step, { raised: reasonOf(error) });
        throw error;
      }
    }
    return steps.length;
  }

  *#do({ kind, ...operands }: Step, waits: boolean): Playing<unknown> {
    if (kind === "raise") throw new ProgramError();
    if (kind === "catch") {
      try {
        return yield* this.#steps(operands.blocks!, waits);
      } catch (error) {
        return `caught ${reasonOf(error)}`;
      }
    }
    const given: Record<string, unknown> = { ...operands };
    for (const [name, made] of Object.entries(this.#made)) {
      if (!(name in operands)) continue;
      const number = operands[name] as number | null;
      given[name] = number === null ? copyContext() : made.at(-1 - number % made.length);
      if (given[name] === undefined) return `no ${name}`;
    }
    if (kind in this.#atOnce) return this.#atOnce[kind]!(given);
    if (!waits) return "cannot wait here";
    const [result] = yield this.#waiting[kind]!(given);
    if (result!.status === "rejected") throw result!.reason;
    return result!.value;
  }

  async #gather(blocks: Blocks, settled: boolean): Promise<unknown> {
    const tasks = blocks.map((block) => this.start([block]));
    const results = tasks.map(({ result }) => settled ? result!.catch(reasonOf) : result);
    const all = Promise.all(results);
    all.catch(() => {}); // it may be a while until it is awaited
    return await this.scheduler.wait(tasks) ? await all : "deadlock";
  }

  /** Does a block for each `next`, and the last one when it ends. */
  async *#generate(blocks: Blocks): AsyncGenerator<number, void> {
    try {
      for (const block of blocks.slice(0, -1)) yield await this.#doAll([block]);
    } finally {
      this.#doAllAtOnce(blocks.slice(-1));
    }
  }

  /** JavaScript would queue a second call, where Python raises: so neither gets one. */
  async #advance(generator: AsyncGenerator, how: "next" | "return"): Promise<unknown> {
    if (this.#busy.has(generator)) return "busy";
    this.#busy.add(generator);
    try {
      const { done, value } = await generator[how](undefined);
      return done ? "end" : value;
    } finally {
      this.#busy.delete(generator);
    }
  }

  #write({ blocks: _, ...step }: Step, outcome: Pick<Entry, "gave" | "raised">): void {
    this.trace.push({ by: this.scheduler.current, ...step, ...outcome });
  }
}

/**
 * Makes a program's variables, so that it does the same whichever ran before it.
 *
 * The map places a variable by its number, and numbers count up from the start of the process. So
 * fillers are made first, up to the next multiple of `STRIDE` and as many more as the program says.
 * All multiples are alike to the map, but not 0: an empty map has its leaf for numbers from 0 on.
 */
function makeVariables({ variables, offset }: Program): ContextVar<unknown>[] {
  const first = (Math.floor(variablesMade / STRIDE) + 1) * STRIDE + offset;
  for (; variablesMade < first; variablesMade++) new ContextVar("filler");
  variablesMade += variables.length;
  return variables.map(({ name, ...options }) =>
    new ContextVar<unknown>(name, options as { default: unknown })
  );
}

/** Names an error by its class, and by its reason where the class has several. */
function reasonOf(error: unknown): string {
  const { constructor, message } = error as Error;
  return `${constructor.name} ${REASONS.find((it) => message.includes(it)) ?? ""}`.trim();
}

/**
 * Starts a task in a context. asyncio does so when nothing is entered any more; here, a context
 * that is entered now is run from outside, in a microtask.
 */
function runTask(context: Context, body: () => Promise<number>): Promise<number> {
  try {
    return context.run(body);
  } catch {
    return new Context().run(() => Promise.resolve().then(() => context.run(body)));
  }
}

if (import.meta.main) {
  for await (const line of createInterface(process.stdin)) {
    console.log(JSON.stringify(await interpret(JSON.parse(line))));
  }
}
