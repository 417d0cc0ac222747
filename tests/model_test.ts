/**
 * The library against a naive model, by random commands that fast-check shrinks.
 *
 * In the model a context is a Map, and a copy a copied Map. Each context has a flow: an async
 * function in flight in it, which runs what it is sent. So a command reaches a context by `run`, or
 * by a continuation of its flow. Context 0 is no context: its flow runs outside any task.
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
import { outsideTasks } from "./harness.ts";

const NONE = "no value";

interface ModelToken {
  readonly context: number;
  readonly variable: number;
  readonly old: unknown;
  used: boolean;
}

interface Model {
  readonly contexts: Map<number, unknown>[];
  readonly tokens: ModelToken[];
}

interface Real {
  /** Without a default, with one, and with a factory. */
  readonly variables: readonly ContextVar<unknown>[];
  readonly contexts: (Context | undefined)[];
  readonly flows: Flow[];
  readonly tokens: Token<unknown>[];
}

type Flow = (job: () => unknown) => Promise<unknown>;

/** Starts an async function in the current context, and returns what sends jobs to it. */
function startFlow(): Flow {
  let next = Promise.withResolvers<() => void>();
  (async () => {
    for (;;) (await next.promise)();
  })();
  return (job) => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const { resolve: send } = next;
    next = Promise.withResolvers();
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
  expected: (model: Model, values: Map<number, unknown>, index: number) => unknown,
  actual: (real: Real) => unknown,
  way: Way,
): fc.AsyncCommand<Model, Real> {
  return {
    check: () => true,
    run: async (model, real) => {
      const index = way.chosen % real.contexts.length;
      const wanted = expected(model, model.contexts[index]!, index);
      const { byRun } = way;
      assertEquals(await reach(real, index, byRun, () => actual(real)), wanted);
      const values = (context: Context) => real.variables.map((it) => context.get(it, NONE));
      assertEquals(
        await reach(real, index, byRun, () => values(currentContext())),
        real.variables.map((_, variable) => valueOf(model.contexts[index]!, variable)),
      );
    },
    toString: () => `${name} in ${way.chosen} ${way.byRun ? "by run" : "by its flow"}`,
  };
}

function valueOf(values: Map<number, unknown>, variable: number): unknown {
  return values.has(variable) ? values.get(variable) : NONE;
}

function put(values: Map<number, unknown>, variable: number, value: unknown): void {
  if (value === NONE) values.delete(variable);
  else values.set(variable, value);
}

const set = fc.tuple(anyWay, anyVariable, fc.nat(9)).map(([way, variable, value]) =>
  command(
    `set ${variable} to ${value}`,
    (model, values, context) => {
      model.tokens.push({ context, variable, old: valueOf(values, variable), used: false });
      values.set(variable, value);
    },
    (real) => void real.tokens.push(real.variables[variable]!.set(value)),
    way,
  )
);

const get = fc.tuple(anyWay, anyVariable).map(([way, variable]) =>
  command(
    `get ${variable}`,
    (_model, values) => {
      if (variable === 2 && !values.has(2)) values.set(2, "made");
      return values.has(variable) ? values.get(variable) : ["LookupError", "default"][variable];
    },
    (real) => real.variables[variable]!.get(),
    way,
  )
);

const getFallback = fc.tuple(anyWay, anyVariable).map(([way, variable]) =>
  command(
    `get ${variable} or a fallback`,
    (_model, values) => valueOf(values, variable),
    (real) => real.variables[variable]!.get(NONE),
    way,
  )
);

const reset = fc.tuple(anyWay, anyVariable, fc.nat()).map(([way, variable, chosen]) =>
  command(
    `reset ${variable} by token ${chosen}`,
    ({ tokens }, values, context) => {
      const token = tokens[chosen % tokens.length];
      if (token === undefined) return "TypeError";
      if (token.used) return "RuntimeError";
      if (token.variable !== variable || token.context !== context) return "ValueError";
      token.used = true;
      put(values, variable, token.old);
      return undefined;
    },
    ({ tokens, variables }) => variables[variable]!.reset(tokens[chosen % tokens.length]!),
    way,
  )
);

const dispose = fc.tuple(anyWay, fc.nat()).map(([way, chosen]) =>
  command(
    `dispose token ${chosen}`,
    ({ tokens, contexts }, _values, context) => {
      const token = tokens[chosen % tokens.length];
      if (token === undefined || token.used) return;
      if (token.context === 0 && context !== 0) return;
      token.used = true;
      put(contexts[token.context]!, token.variable, token.old);
    },
    ({ tokens }) => tokens[chosen % tokens.length]?.[Symbol.dispose](),
    way,
  )
);

const copy = fc.tuple(anyWay, fc.boolean()).map(([way, asTask]) =>
  command(
    asTask ? "start a task" : "copy the context",
    ({ contexts }, values) => void contexts.push(new Map(values)),
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

const create = anyWay.map((way) =>
  command(
    "make an empty context",
    ({ contexts }) => void contexts.push(new Map()),
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
    ({ contexts }, _values, context) => {
      const index = chosen % contexts.length;
      if (index === context || index === 0) return "RuntimeError";
      return valueOf(contexts[index]!, variable);
    },
    ({ contexts, variables }) => {
      // Context 0 has no handle to enter but the one of this moment.
      const context = contexts[chosen % contexts.length] ?? outsideContext;
      return context.run(() => variables[variable]!.get(NONE));
    },
    way,
  )
);

const bound = fc.tuple(anyWay, fc.nat(), anyVariable).map(([way, chosen, variable]) =>
  command(
    `call a function bound to ${chosen}, which sets ${variable}`,
    ({ contexts }) => valueOf(contexts[chosen % (contexts.length - 1) + 1]!, variable),
    ({ contexts, variables }) => {
      const call = contexts[chosen % (contexts.length - 1) + 1]!.bind(() => {
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
    (_model, values) => new Map(values),
    ({ variables }) =>
      new Map(Array.from(currentContext(), ([key, value]) => [variables.indexOf(key), value])),
    way,
  )
);

const outsideContext = currentContext();

Deno.test("The library does what the model does", () =>
  outsideTasks(async () => {
    const commands = fc.commands(
      [set, get, getFallback, reset, dispose, copy, create, enter, bound, runWith, entries],
      { maxCommands: 60 },
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
          model: { contexts: [new Map<number, unknown>(), new Map<number, unknown>()], tokens: [] },
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
  }));
