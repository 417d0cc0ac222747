/**
 * The library against a naive model, by random commands that fast-check shrinks.
 *
 * In the model a context is a Map, and a copy a copied Map. Each context has a flow: an async
 * function in flight in it, which runs what it is sent. So a command reaches a context by `run`, or
 * by a continuation of its flow. Some flows, the first among them, run outside any task: each has a
 * Map of its own, but what one `set` gave to several of them they lose together.
 */

import { assertEquals } from "@std/assert";
import fc from "npm:fast-check@4.10.2";
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  currentContext,
  type Token,
} from "@contextvars/contextvars";
import { deferred, NEEDS_ENTER_WITH, outsideTasks } from "./harness.ts";

const NONE = "no value";

/** What one `set` gave. Outside any task several flows can have the same one. */
interface Given {
  readonly value: unknown;
  readonly before: Given | undefined;
  takenBack: boolean;
}

type Values = Map<number, Given>;

interface ModelContext {
  readonly outside: boolean;
  readonly values: Values;
}

interface ModelToken {
  readonly context: ModelContext;
  readonly variable: number;
  readonly given: Given;
  readonly old: unknown;
  used: boolean;
}

interface Model {
  readonly contexts: ModelContext[];
  readonly tokens: ModelToken[];
}

interface Real {
  /** Without a default, with one, and with a factory. */
  readonly variables: readonly ContextVar<unknown>[];
  /** Undefined for the flows outside any task. */
  readonly contexts: (Context | undefined)[];
  readonly flows: Flow[];
  readonly tokens: Token<unknown>[];
}

type Flow = (job: () => unknown) => Promise<unknown>;

/** Starts an async function in the current context, and returns what sends jobs to it. */
function startFlow(): Flow {
  let next = deferred<() => void>();
  (async () => {
    for (;;) (await next.promise)();
  })();
  return (job) => {
    const { promise, resolve } = deferred<unknown>();
    const { resolve: send } = next;
    next = deferred();
    send(() => resolve(outcome(job)));
    return promise;
  };
}

/** What a job returns, or the class of what it throws. */
function outcome(job: () => unknown): unknown {
  try {
    return job();
  } catch (error) {
    return (error as Error).name;
  }
}

/** How a command reaches its context. */
interface Way {
  readonly chosen: number;
  readonly byRun: boolean;
}

const anyWay = fc.record({ chosen: fc.nat(), byRun: fc.boolean() });
const anyVariable = fc.nat(2);

function reach(real: Real, index: number, byRun: boolean, job: () => unknown): Promise<unknown> {
  const context = real.contexts[index];
  if (context === undefined || !byRun) return real.flows[index]!(job);
  return Promise.resolve(outcome(() => context.run(job)));
}

/** Makes a command: in the model and for real it must come out the same. */
function command(
  name: string,
  expected: (model: Model, context: ModelContext) => unknown,
  actual: (real: Real, context: Context | undefined) => unknown,
  way: Way,
): fc.AsyncCommand<Model, Real> {
  return {
    check: () => true,
    run: async (model, real) => {
      const index = way.chosen % real.contexts.length;
      const wanted = expected(model, model.contexts[index]!);
      const { byRun } = way;
      const job = () => actual(real, real.contexts[index]);
      assertEquals(await reach(real, index, byRun, job), wanted);
      const values = (context: Context) => real.variables.map((it) => context.get(it, NONE));
      assertEquals(
        await reach(real, index, byRun, () => values(currentContext())),
        real.variables.map((_, variable) => valueOf(model.contexts[index]!, variable)),
      );
    },
    toString: () => `${name} in ${way.chosen} ${way.byRun ? "by run" : "by its flow"}`,
  };
}

function valueOf({ values }: ModelContext, variable: number): unknown {
  return standing(values.get(variable))?.value ?? NONE;
}

/** What stands for a value that was given: itself, or what was there before if it was taken back. */
function standing(given: Given | undefined): Given | undefined {
  return given?.takenBack ? standing(given.before) : given;
}

function give({ values }: ModelContext, variable: number, value: unknown): Given {
  const given = { value, before: standing(values.get(variable)), takenBack: false };
  values.set(variable, given);
  return given;
}

/** Takes a value back: in its context, or from all flows outside tasks; `from` undoes it. */
function undo(token: ModelToken, from: ModelContext): void {
  const { context, variable, given, old } = token;
  token.used = true;
  if (context.outside) given.takenBack = true;
  const changed = context.outside ? from : context;
  if (context.outside && !from.outside) return;
  const before = standing(given.before);
  if (context.outside && (before?.value ?? NONE) === old) replace(changed, variable, before);
  else if (old === NONE) changed.values.delete(variable);
  else give(changed, variable, old);
}

function replace({ values }: ModelContext, variable: number, given: Given | undefined): void {
  if (given === undefined) values.delete(variable);
  else values.set(variable, given);
}

/** The values of a task that copies a context: nobody takes them back. */
function copied(context: ModelContext): ModelContext {
  const copy = { outside: false, values: new Map() };
  for (const variable of context.values.keys()) {
    const value = valueOf(context, variable);
    if (value !== NONE) give(copy, variable, value);
  }
  return copy;
}

const set = fc.tuple(anyWay, anyVariable, fc.nat(9)).map(([way, variable, value]) =>
  command(
    `set ${variable} to ${value}`,
    ({ tokens }, context) => {
      const old = valueOf(context, variable);
      const given = give(context, variable, value);
      tokens.push({ context, variable, given, old, used: false });
    },
    (real) => void real.tokens.push(real.variables[variable]!.set(value)),
    way,
  )
);

const get = fc.tuple(anyWay, anyVariable).map(([way, variable]) =>
  command(
    `get ${variable}`,
    (_model, context) => {
      const value = valueOf(context, variable);
      if (value !== NONE) return value;
      if (variable === 2 && !context.outside) give(context, 2, "made");
      return ["LookupError", "default", "made"][variable];
    },
    (real) => real.variables[variable]!.get(),
    way,
  )
);

const getFallback = fc.tuple(anyWay, anyVariable).map(([way, variable]) =>
  command(
    `get ${variable} or a fallback`,
    (_model, context) => valueOf(context, variable),
    (real) => real.variables[variable]!.get(NONE),
    way,
  )
);

const reset = fc.tuple(anyWay, anyVariable, fc.nat()).map(([way, variable, chosen]) =>
  command(
    `reset ${variable} by token ${chosen}`,
    ({ tokens }, context) => {
      const token = tokens[chosen % tokens.length];
      if (token === undefined) return "TypeError";
      if (token.used) return "RuntimeError";
      const here = token.context === context || token.context.outside && context.outside;
      if (token.variable !== variable || !here) return "ValueError";
      return undo(token, context);
    },
    ({ tokens, variables }) => variables[variable]!.reset(tokens[chosen % tokens.length]!),
    way,
  )
);

const dispose = fc.tuple(anyWay, fc.nat()).map(([way, chosen]) =>
  command(
    `dispose token ${chosen}`,
    ({ tokens }, context) => {
      const token = tokens[chosen % tokens.length];
      if (token !== undefined && !token.used) undo(token, context);
    },
    ({ tokens }) => tokens[chosen % tokens.length]?.[Symbol.dispose](),
    way,
  )
);

const copy = fc.tuple(anyWay, fc.boolean()).map(([way, asTask]) =>
  command(
    asTask ? "start a task" : "copy the context",
    ({ contexts }, context) => void contexts.push(copied(context)),
    ({ contexts, flows }) => {
      const start = () => {
        contexts.push(currentContext());
        flows.push(startFlow());
      };
      if (asTask) createTask(start);
      else copyContext().run(start);
    },
    way,
  )
);

const fork = anyWay.map((way) =>
  command(
    "start another flow",
    ({ contexts }, { outside, values }) =>
      void (outside && contexts.push({ outside, values: new Map(values) })),
    ({ contexts, flows }, context) => {
      if (context !== undefined) return;
      contexts.push(undefined);
      flows.push(startFlow());
    },
    way,
  )
);

const create = anyWay.map((way) =>
  command(
    "make an empty context",
    ({ contexts }) => void contexts.push({ outside: false, values: new Map() }),
    ({ contexts, flows }) => {
      const context = new Context();
      contexts.push(context);
      flows.push(context.run(startFlow));
    },
    way,
  )
);

const enter = fc.tuple(anyWay, fc.nat(), anyVariable).map(([way, chosen, variable]) =>
  command(
    `enter ${chosen} and read ${variable}`,
    ({ contexts }, context) => {
      const entered = contexts[chosen % contexts.length]!;
      return entered === context || entered.outside ? "RuntimeError" : valueOf(entered, variable);
    },
    ({ contexts, variables }) => {
      const context = contexts[chosen % contexts.length] ?? outsideContext;
      return context.run(() => variables[variable]!.get(NONE));
    },
    way,
  )
);

const bound = fc.tuple(anyWay, fc.nat(), anyVariable).map(([way, chosen, variable]) =>
  command(
    `call a function bound to ${chosen}, which sets ${variable}`,
    ({ contexts }) => {
      const tasks = contexts.filter(({ outside }) => !outside);
      return valueOf(tasks[chosen % tasks.length]!, variable);
    },
    ({ contexts, variables }) => {
      const tasks = contexts.filter((context) => context !== undefined);
      const call = tasks[chosen % tasks.length]!.bind(() => {
        const before = variables[variable]!.get(NONE);
        variables[variable]!.set("of the bound call");
        return before;
      });
      return call();
    },
    way,
  )
);

const runWith = fc.tuple(anyWay, anyVariable).map(([way, variable]) =>
  command(
    `run with ${variable}`,
    () => "of the run",
    ({ variables }) => variables[variable]!.run("of the run", () => variables[variable]!.get()),
    way,
  )
);

const entries = anyWay.map((way) =>
  command(
    "list",
    (_model, context) => copiedEntries(context),
    ({ variables }) =>
      new Map(
        // Without those of programs before: on Node.js 20 they are still set outside tasks.
        Array.from(currentContext(), ([key, value]) => [variables.indexOf(key), value] as const)
          .filter(([index]) => index >= 0),
      ),
    way,
  )
);

function copiedEntries(context: ModelContext): Map<number, unknown> {
  const entries = Array.from(copied(context).values, ([key, { value }]) => [key, value] as const);
  return new Map(entries);
}

const outsideContext = currentContext();

outsideTasks("The library does what the model does", NEEDS_ENTER_WITH, async () => {
  const commands = fc.commands(
    [set, get, getFallback, reset, dispose, copy, fork, create, enter, bound, runWith, entries],
    { maxCommands: 60, size: "max" },
  );
  const property = fc.asyncProperty(commands, async (commands) => {
    const setup = () => {
      const variables = [
        new ContextVar<unknown>("bare"),
        new ContextVar<unknown>("with a default", { default: "default" }),
        new ContextVar<unknown>("with a factory", { defaultFactory: () => "made" }),
      ];
      const first = new Context();
      return {
        model: {
          contexts: [
            { outside: true, values: new Map() },
            { outside: false, values: new Map() },
          ],
          tokens: [],
        },
        real: {
          variables,
          contexts: [undefined, first],
          flows: [startFlow(), first.run(startFlow)],
          tokens: [],
        },
      };
    };
    await fc.asyncModelRun(setup, commands);
  });
  await fc.assert(property, { numRuns: 1_000 });
});
