/** Runs a program over this module, and writes its trace. `interpret.py` does the same in Python. */

import { clearImmediate, setImmediate } from "node:timers";
import { Context, type ContextVar, copyContext, createTask, Token } from "@contextvars/contextvars";
import { type Participant, Scheduler } from "./scheduler.ts";
import type { Block, Operands, Program, Step, Value } from "./program.ts";
import { DID_NOT_END } from "./interpreter.ts";
import { KeyError, label, ProgramError, reasonOf, show } from "./trace.ts";
import { makeVariables } from "./variables.ts";

type Blocks = readonly Block[];

interface Task {
  readonly participant: Participant;
  readonly result: Promise<number>;
}

interface OpenGenerator {
  readonly parts: AsyncGenerator<number, void>;
  busy: boolean;
}

/** What the operands of a step mean. */
interface Given extends Omit<Operands, "variable" | "context"> {
  readonly variable: ContextVar<Value>;
  readonly context: Context;
}

/** Steps on their way: it yields what they wait for. */
type Playing<T> = Generator<Promise<unknown>, T, unknown>;

/** Runs a program, and returns a line for each step that ended, and one if the program did not. */
export async function interpret(program: Program): Promise<string[]> {
  const interpreter = new Interpreter(program);
  const ended = interpreter.run(program.block).then(() => true);
  if (!await beforeNextTurn(ended)) interpreter.trace.push(DID_NOT_END);
  return interpreter.trace;
}

class Interpreter {
  readonly trace: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #variables: ContextVar<unknown>[];
  readonly #tokens: Token<Value>[] = [];
  readonly #contexts: Context[] = [];
  readonly #tasks: Task[] = [];
  readonly #generators: OpenGenerator[] = [];

  readonly #waiting: Record<string, (given: Given) => Promise<unknown>> = {
    wait: () => this.#scheduler.wait(),
    helper: ({ blocks }) => this.#doAll(blocks),
    join: ({ task }) => this.#join(this.#tasks[task]),
    gather: ({ blocks, settled }) => this.#gather(blocks, settled),
    next: ({ generator }) => this.#advance(this.#generators[generator], "next"),
    close: ({ generator }) => this.#advance(this.#generators[generator], "return"),
  };

  readonly #atOnce: Record<string, (given: Given) => unknown> = {
    set: ({ variable, value, token }) => void (this.#tokens[token] = variable.set(value)),
    get: ({ variable, ...given }) => Reflect.apply(variable.get, variable, fallbackOf(given)),
    reset: ({ variable, token }) => variable.reset(this.#tokens[token]!),
    showToken: ({ token }) => this.#showToken(this.#tokens[token]),
    showName: ({ variable }) => variable.name,
    copyContext: ({ other }) => void (this.#contexts[other] = copyContext()),
    emptyContext: ({ other }) => void (this.#contexts[other] = new Context()),
    copy: ({ context, other }) => void (this.#contexts[other] = context.copy()),
    run: ({ context, blocks }) => context.run((it) => this.#doAllAtOnce(it), blocks),
    runBound: ({ context, blocks }) => context.bind((it: Blocks) => this.#doAllAtOnce(it))(blocks),
    runWith: ({ variable, value, blocks }) =>
      variable.run(value, (it) => this.#doAllAtOnce(it), blocks),
    lookUp: ({ context, variable, ...given }) =>
      Reflect.apply(context.get, context, [variable, ...fallbackOf(given)]),
    item: ({ context, variable }) => {
      if (!context.has(variable)) throw new KeyError();
      return context.get(variable);
    },
    has: ({ context, variable }) => context.has(variable),
    size: ({ context }) => context.size,
    items: ({ context }) => this.#items(context),
    equals: ({ context, other }) => context.equals(this.#contexts[other] ?? new Context()),
    wrongKey: ({ context }) => context.has("a name" as never),
    task: ({ task, blocks }) => void (this.#tasks[task] = this.#start(blocks)),
    taskIn: ({ task, context, blocks }) =>
      void (this.#tasks[task] = this.#start(blocks, (body) => runTask(context, body))),
    generator: ({ generator, blocks }) =>
      void (this.#generators[generator] = { parts: this.#generate(blocks), busy: false }),
    raise: () => {
      throw new ProgramError();
    },
  };

  constructor(program: Program) {
    this.#scheduler = new Scheduler(program.schedule);
    this.#variables = makeVariables(program);
  }

  async run(block: Block): Promise<void> {
    this.#start([block]);
    await this.#scheduler.drive();
  }

  /** Starts a task that waits for its first turn. */
  #start(
    blocks: Blocks,
    create: (body: () => Promise<number>) => Promise<number> = createTask,
  ): Task {
    const participant = this.#scheduler.join();
    const result = Promise.try(create, () => this.#play(participant, blocks));
    result.catch((error) => {
      if (participant.ended) return; // the trace has the error, and nobody needs to await the task
      this.trace.push(`${participant.number} did not start: ${error}`);
      this.#scheduler.leave(participant);
    });
    return { participant, result };
  }

  async #play(participant: Participant, blocks: Blocks): Promise<number> {
    await participant.turn.promise;
    try {
      await this.#doAll(blocks);
      this.#write("ended");
    } catch (error) {
      this.#write(`ended by ${reasonOf(error)}`);
      throw error;
    } finally {
      this.#scheduler.leave(participant);
    }
    return participant.number;
  }

  /** Does steps in an async function. */
  async #doAll(blocks: Blocks): Promise<number> {
    const playing = this.#steps(blocks, true);
    let next = playing.next();
    while (!next.done) {
      const goOn = await next.value.then(
        (value) => () => playing.next(value),
        (error) => () => playing.throw(error),
      );
      next = goOn();
    }
    return next.value;
  }

  /** Does what `#doAll` does, for the blocks of `run`. */
  #doAllAtOnce(blocks: Blocks): number {
    return this.#steps(blocks, false).next().value as number;
  }

  *#steps(blocks: Blocks, waits: boolean): Playing<number> {
    for (const step of blocks.flat()) {
      try {
        this.#write(`${label(step)}: ${show(yield* this.#do(step, waits))}`);
      } catch (error) {
        this.#write(`${label(step)}: raised ${reasonOf(error)}`);
        throw error;
      }
    }
    return blocks.flat().length;
  }

  *#do(step: Step, waits: boolean): Playing<unknown> {
    const { kind, blocks = [], context: register = null } = step;
    if (kind === "catch") {
      try {
        return yield* this.#steps(blocks, waits);
      } catch (error) {
        return `caught ${reasonOf(error)}`;
      }
    }
    const variable = this.#variables[(step.variable ?? 0) % this.#variables.length];
    const context = register === null ? copyContext() : this.#contexts[register];
    if (context === undefined) return "no context";
    const given = { ...step, variable, context } as Given;
    if (kind in this.#atOnce) return this.#atOnce[kind]!(given);
    return waits ? yield this.#waiting[kind]!(given) : "cannot wait here";
  }

  async #join(task: Task | undefined): Promise<unknown> {
    if (task === undefined) return "no task";
    return await this.#scheduler.wait([task.participant]) ? await task.result : "deadlock";
  }

  async #gather(blocks: Blocks, settled: boolean): Promise<unknown> {
    const tasks = blocks.map((block) => this.#start([block]));
    const results = tasks.map(({ result }) => settled ? result.catch(reasonOf) : result);
    const all = Promise.all(results);
    all.catch(() => {}); // it may be a while until it is awaited
    const ended = await this.#scheduler.wait(tasks.map(({ participant }) => participant));
    return ended ? await all : "deadlock";
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
  async #advance(generator: OpenGenerator | undefined, how: "next" | "return"): Promise<unknown> {
    if (generator === undefined || generator.busy) return "no generator";
    generator.busy = true;
    try {
      const { done, value } = await generator.parts[how]();
      return done ? "end" : value;
    } finally {
      generator.busy = false;
    }
  }

  #showToken(token: Token<Value> | undefined): unknown {
    if (token === undefined) return "no token";
    const { oldValue } = token;
    const number = this.#variables.indexOf(token.var as ContextVar<unknown>);
    return [oldValue === Token.MISSING ? "MISSING" : oldValue, number];
  }

  #items(context: Context): unknown {
    const numberOf = (variable: ContextVar<unknown>) => this.#variables.indexOf(variable);
    return [
      [...context.keys()].map(numberOf).sort((a, b) => a - b),
      [...context.values()].map(show).sort(),
      [...context].map(([key, value]) => [numberOf(key), value] as const)
        .sort(([a], [b]) => a - b),
    ];
  }

  #write(text: string): void {
    this.trace.push(`${this.#scheduler.current} ${text}`);
  }
}

function fallbackOf(given: { fallback?: Value }): [Value] | [] {
  return "fallback" in given ? [given.fallback!] : [];
}

/**
 * Returns what a promise gives, or undefined where the microtasks run out before it does: programs
 * wait for nothing but promises, so it never will.
 */
async function beforeNextTurn<T>(promise: Promise<T>): Promise<T | undefined> {
  const { promise: nextTurn, resolve } = Promise.withResolvers<undefined>();
  const turn = setImmediate(() => resolve(undefined));
  try {
    return await Promise.race([promise, nextTurn]);
  } finally {
    clearImmediate(turn);
  }
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
