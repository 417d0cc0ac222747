/** Runs a program over this module, and writes its trace. `interpret.py` does the same in Python. */

import { clearImmediate, setImmediate } from "node:timers";
import { Context, type ContextVar, copyContext, createTask, Token } from "@contextvars/contextvars";
import { type Participant, Scheduler } from "./scheduler.ts";
import type { Block, Program, Step, Value } from "./program.ts";
import { DID_NOT_END } from "./interpreter.ts";
import { KeyError, label, ProgramError, reasonOf, show, showResult } from "./trace.ts";
import { makeVariables } from "./variables.ts";

interface Task {
  readonly participant: Participant;
  readonly result: Promise<number>;
}

interface OpenGenerator {
  readonly parts: AsyncGenerator<number, void>;
  busy: boolean;
}

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
  readonly #variables: ContextVar<Value>[];
  readonly #tokens: Token<Value>[] = [];
  readonly #contexts: Context[] = [];
  readonly #tasks: Task[] = [];
  readonly #generators: OpenGenerator[] = [];

  constructor(program: Program) {
    this.#scheduler = new Scheduler(program.schedule);
    this.#variables = makeVariables(program);
  }

  async run(block: Block): Promise<void> {
    this.#start(block, createTask);
    await this.#scheduler.drive();
  }

  /** Starts a task that waits for its first turn. */
  #start(block: Block, create: (body: () => Promise<number>) => Promise<number>): Task {
    const participant = this.#scheduler.join();
    const result = Promise.try(create, () => this.#play(participant, block));
    result.catch((error) => {
      if (participant.ended) return; // the trace has the error, and nobody needs to await the task
      this.trace.push(`${participant.number} did not start: ${error}`);
      this.#scheduler.leave(participant);
    });
    return { participant, result };
  }

  async #play(participant: Participant, block: Block): Promise<number> {
    await participant.turn.promise;
    try {
      await this.#doAll(block);
      this.#write("ended");
    } catch (error) {
      this.#write(`ended by ${reasonOf(error)}`);
      throw error;
    } finally {
      this.#scheduler.leave(participant);
    }
    return participant.number;
  }

  async #doAll(block: Block): Promise<number> {
    for (const step of block) {
      try {
        const outcome = await this.#doWaiting(step);
        this.#write(`${label(step)}: ${outcome}`);
      } catch (error) {
        this.#write(`${label(step)}: raised ${reasonOf(error)}`);
        throw error;
      }
    }
    return block.length;
  }

  /** Does what `#doAll` does, for the blocks of `run`. */
  #doAllAtOnce(block: Block): number {
    for (const step of block) {
      try {
        this.#write(`${label(step)}: ${this.#doAtOnce(step)}`);
      } catch (error) {
        this.#write(`${label(step)}: raised ${reasonOf(error)}`);
        throw error;
      }
    }
    return block.length;
  }

  /** Does a step in an async function. */
  async #doWaiting(step: Step): Promise<string> {
    switch (step.kind) {
      case "wait":
        return String(await this.#scheduler.wait());
      case "helper":
        return show(await this.#doAll(step.block));
      case "join":
        return await this.#join(this.#tasks[step.task]);
      case "gather":
        return await this.#gather(step.blocks, step.settled);
      case "next":
        return await this.#advance(this.#generators[step.generator], (parts) => parts.next());
      case "close":
        return await this.#advance(this.#generators[step.generator], (parts) => parts.return());
      case "catch":
        try {
          return show(await this.#doAll(step.block));
        } catch (error) {
          return `caught ${reasonOf(error)}`;
        }
      default:
        return this.#doAtOnce(step);
    }
  }

  #doAtOnce(step: Step): string {
    switch (step.kind) {
      case "set":
        this.#tokens[step.token] = this.#variable(step).set(step.value);
        return "set";
      case "get":
        return show(
          "fallback" in step ? this.#variable(step).get(step.fallback) : this.#variable(step).get(),
        );
      case "reset":
        this.#variable(step).reset(this.#tokens[step.token]!);
        return "reset";
      case "showToken":
        return this.#showToken(this.#tokens[step.token]);
      case "showName":
        return show(this.#variable(step).name);
      case "copyContext":
        this.#contexts[step.context] = copyContext();
        return "made";
      case "newContext":
        this.#contexts[step.context] = new Context();
        return "made";
      case "runWith":
        return show(
          this.#variable(step).run(step.value, (block) => this.#doAllAtOnce(block), step.block),
        );
      case "task":
        this.#tasks[step.task] = this.#start(step.block, createTask);
        return "started";
      case "raise":
        throw new ProgramError();
      case "catch":
        try {
          return show(this.#doAllAtOnce(step.block));
        } catch (error) {
          return `caught ${reasonOf(error)}`;
        }
      case "generator":
        this.#generators[step.generator] = {
          parts: this.#generate(step.blocks, step.last),
          busy: false,
        };
        return "made";
      case "wait":
      case "helper":
      case "join":
      case "gather":
      case "next":
      case "close":
        return "cannot wait here";
      default:
        return this.#doWithContext(step, this.#context(step));
    }
  }

  #doWithContext(step: Step, context: Context | undefined): string {
    if (context === undefined) return "no context";
    switch (step.kind) {
      case "copy":
        this.#contexts[step.context] = context.copy();
        return "made";
      case "run":
        return show(context.run((block) => this.#doAllAtOnce(block), step.block));
      case "runBound":
        return show(context.bind((block: Block) => this.#doAllAtOnce(block))(step.block));
      case "taskIn":
        this.#tasks[step.task] = this.#start(step.block, (body) => runTask(context, body));
        return "started";
      case "lookUp":
        return show(
          "fallback" in step
            ? context.get(this.#variable(step), step.fallback)
            : context.get(this.#variable(step)),
        );
      case "item":
        if (!context.has(this.#variable(step))) throw new KeyError();
        return show(context.get(this.#variable(step)));
      case "has":
        return show(context.has(this.#variable(step)));
      case "size":
        return show(context.size);
      case "items":
        return this.#showItems(context);
      case "equals":
        return show(context.equals(this.#contexts[step.other] ?? new Context()));
      case "wrongKey":
        return show(context.has("a name" as never));
      default:
        throw new Error(`unknown step ${step.kind}`);
    }
  }

  async #join(task: Task | undefined): Promise<string> {
    if (task === undefined) return "no task";
    return await this.#scheduler.wait([task.participant]) ? show(await task.result) : "deadlock";
  }

  async #gather(blocks: readonly Block[], settled: boolean): Promise<string> {
    const tasks = blocks.map((block) => this.#start(block, createTask));
    const results = tasks.map(({ result }) => result);
    const all = settled ? Promise.allSettled(results) : Promise.all(results);
    all.catch(() => {}); // it may be a while until it is awaited
    const ended = await this.#scheduler.wait(tasks.map(({ participant }) => participant));
    return ended ? (await all).map(showResult).join(", ") : "deadlock";
  }

  async *#generate(blocks: readonly Block[], last: Block): AsyncGenerator<number, void> {
    try {
      for (const block of blocks) yield await this.#doAll(block);
    } finally {
      this.#doAllAtOnce(last);
    }
  }

  /** JavaScript would queue a second call, where Python raises: so neither gets one. */
  async #advance(
    generator: OpenGenerator | undefined,
    call: (parts: AsyncGenerator<number, void>) => Promise<IteratorResult<number, void>>,
  ): Promise<string> {
    if (generator === undefined || generator.busy) return "no generator";
    generator.busy = true;
    try {
      const { done, value } = await call(generator.parts);
      return done ? "end" : show(value);
    } finally {
      generator.busy = false;
    }
  }

  #variable(step: { variable: number }): ContextVar<Value> {
    return this.#variables[step.variable % this.#variables.length]!;
  }

  #context(step: { of: number } | { context: number | null }): Context | undefined {
    const register = "of" in step ? step.of : step.context;
    return register === null ? copyContext() : this.#contexts[register];
  }

  #showToken(token: Token<Value> | undefined): string {
    if (token === undefined) return "no token";
    const { oldValue } = token;
    const shown = oldValue === Token.MISSING ? "MISSING" : show(oldValue);
    return `${shown} of ${this.#variables.indexOf(token.var)}`;
  }

  #showItems(context: Context): string {
    const numberOf = (variable: ContextVar<unknown>) =>
      this.#variables.indexOf(variable as ContextVar<Value>);
    const sorted = [...context.keys()].map(numberOf).sort((a, b) => a - b);
    const values = [...context.values()].map(show).sort();
    const items = [...context].sort(([a], [b]) => numberOf(a) - numberOf(b));
    return `${show(sorted)} ${values} ${items.map(([key, value]) => show([numberOf(key), value]))}`;
  }

  #write(text: string): void {
    this.trace.push(`${this.#scheduler.current} ${text}`);
  }
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
