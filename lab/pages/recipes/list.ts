/** The programs of docs/recipes.md, that of debug mode, and the lines that look right in them and are not. */

import type { RuntimeTitle } from "../../runtimes/install.ts";

/** Text of a program, and what takes its place. */
export type Changes = Readonly<Record<string, string>>;

/** A program that counts what it reads, and fails where a read was wrong. */
export interface Program {
  /** In `programs/`. */
  readonly file: string;
  readonly runtimes: readonly RuntimeTitle[];
  /** What the runtime gets in the file's place. */
  readonly args?: readonly string[];
  /** What looks as right, and is wrong, by what it does. */
  readonly wrong: Readonly<Record<string, Changes>>;
}

const DENO: readonly RuntimeTitle[] = ["Deno"];
const NODE: readonly RuntimeTitle[] = ["Node.js 24"];
const BOTH: readonly RuntimeTitle[] = [...DENO, ...NODE];

/** Of the programs that a test runner runs. */
const WITHOUT_A_VALUE = {
  "without a value": { 'user.run("alice", ': "Promise.resolve().then(" },
};

const RUNNERS = "programs/runners";
const PACKAGES = "../node_modules"; // above the project
const JEST = [`${PACKAGES}/jest/bin/jest.js`, `--rootDir=${RUNNERS}`, "jest.spec.cjs"];

export const PROGRAMS: readonly Program[] = [
  {
    file: "debug_mode.ts",
    runtimes: BOTH,
    wrong: { "calls that are not tasks": { "createTask(fn) as never": "fn()" } },
  },
  {
    file: "pino.ts",
    runtimes: BOTH,
    wrong: {
      "read when the logger is made": {
        "mixin: () => ({ requestId: requestId.get() })": "base: { requestId: requestId.get() }",
      },
    },
  },
  {
    file: "winston.ts",
    runtimes: BOTH,
    wrong: {
      "read when the logger is made": {
        "    get requestId() {\n      return requestId.get();\n    },":
          "    requestId: requestId.get(),",
      },
      "read in a format": {
        "format: winston.format.json()":
          "format: winston.format.printf((info) => JSON.stringify(info.requestId = requestId.get()))",
      },
    },
  },
  {
    file: "logtape.ts",
    runtimes: BOTH,
    wrong: {
      "read in a formatter": {
        "formatter: jsonLinesFormatter": "formatter: (record) => " +
          "jsonLinesFormatter({ ...record, properties: { requestId: requestId.get() } })",
      },
      "without the variable": { ", requestId: requestId.get() }": " }" },
      "set for withContext": {
        "fields.run(store, callback)": "(fields.set(store), callback())",
      },
    },
  },
  {
    file: "transactions.ts",
    runtimes: BOTH,
    wrong: {
      "set and reset": {
        "(tx) => current.run(tx, fn)":
          "(tx) => {\n    const token = current.set(tx);\n    return fn().finally(() => current.reset(token));\n  }",
      },
      "not handed on": { "(tx) => current.run(tx, fn)": "() => fn()" },
      "always a transaction of its own": { "current.get().transaction": "db.transaction" },
    },
  },
  {
    file: "p_queue.ts",
    runtimes: BOTH,
    wrong: { "not bound": { "copyContext().bind(job)": "job" } },
  },
  { file: "p_limit.ts", runtimes: BOTH, wrong: {} },
  {
    file: "generic_pool.ts",
    runtimes: BOTH,
    wrong: { "not bound": { "new Context().bind(connect)": "connect" } },
  },
  {
    file: "pg.ts",
    runtimes: BOTH,
    wrong: { "not bound": { "copyContext().bind(callback)": "callback" } },
  },
  {
    file: "streams.ts",
    runtimes: BOTH,
    wrong: {
      "generator not bound": { "copyContext().bind(rows)()": "rows()" },
      "pull not bound": { "copyContext().bind(pull)": "pull" },
      "listener not bound": { "copyContext().bind(onData)": "onData" },
    },
  },
  {
    file: "events.ts",
    runtimes: BOTH,
    wrong: {
      "not bound": { "copyContext().bind(onSaved)": "onSaved" },
      "another removed than was added": { 'off("saved", listener)': 'off("saved", onSaved)' },
    },
  },
  {
    file: "rxjs.ts",
    runtimes: BOTH,
    wrong: {
      "not bound": { "copyContext().bind(next)": "next" },
    },
  },
  {
    file: "graphql.ts",
    runtimes: BOTH,
    wrong: {
      "no task for a resolver": { "createTask(resolveUser, ...args)": "resolveUser(...args)" },
      "batch not bound": { "copyContext().bind(loadUsers)": "loadUsers" },
    },
  },
  {
    file: "opentelemetry.ts",
    runtimes: BOTH,
    wrong: {
      "not bound": { "AsyncLocalStorage.bind(copyContext().bind(callback))": "callback" },
      "without the span": {
        "AsyncLocalStorage.bind(copyContext().bind(callback))": "copyContext().bind(callback)",
      },
      "in the task's own context": { "copyContext().bind(callback)": "callback" },
    },
  },
  {
    file: "workers.ts",
    runtimes: BOTH,
    wrong: {
      "not sent": { "id: requestId.get()": 'id: "-"' },
      "not run": { "requestId.run(id, job, name)": "job(name)" },
    },
  },
  {
    file: "processes.ts",
    runtimes: BOTH,
    wrong: {
      "not sent": { ", REQUEST_ID: requestId.get() }": " }" },
      "not run": { 'requestId.run(process.env.REQUEST_ID ?? "-", main)': "main()" },
    },
  },
  {
    file: "services.ts",
    runtimes: BOTH,
    wrong: {
      "not sent": { "{ headers: baggageHeaders() }": "{}" },
      "not set": { "tenant.set(entry.value)": "" },
    },
  },
  {
    file: "access_log.ts",
    runtimes: BOTH,
    wrong: {
      "not bound": { "currentContext().bind(() => log(request))": "() => log(request)" },
      "a copy made too early": { "currentContext().bind(": "copyContext().bind(" },
    },
  },
  {
    file: "migrating.ts",
    runtimes: BOTH,
    wrong: {
      "run for a block": {
        'using _token = requestId.set("inner");\n  await logIn(name);\n  count(requestId.get(), "inner");':
          'await requestId.run("inner", async () => {\n  await logIn(name);\n  count(requestId.get(), "inner");\n  });',
      },
      "no tasks": {
        'createTask(logIn, "alice"), createTask(logIn, "bob")': 'logIn("alice"), logIn("bob")',
      },
    },
  },
  {
    file: "runners/deno.spec.ts",
    runtimes: DENO,
    args: ["test", "-A", `${RUNNERS}/deno.spec.ts`],
    wrong: WITHOUT_A_VALUE,
  },
  {
    file: "runners/node.spec.ts",
    runtimes: DENO,
    args: ["test", "-A", `${RUNNERS}/node.spec.ts`],
    wrong: WITHOUT_A_VALUE,
  },
  {
    file: "runners/node.spec.ts",
    runtimes: NODE,
    args: ["--test", `${RUNNERS}/node.spec.ts`],
    wrong: WITHOUT_A_VALUE,
  },
  {
    file: "runners/vitest.spec.ts",
    runtimes: NODE,
    args: [`${PACKAGES}/vitest/vitest.mjs`, "run", `--root=${RUNNERS}`, "vitest.spec.ts"],
    wrong: WITHOUT_A_VALUE,
  },
  {
    file: "runners/mocha.spec.ts",
    runtimes: NODE,
    args: [`${PACKAGES}/mocha/bin/mocha.js`, `${RUNNERS}/mocha.spec.ts`],
    wrong: WITHOUT_A_VALUE,
  },
  {
    file: "runners/jest.spec.cjs",
    runtimes: NODE,
    args: ["--experimental-vm-modules", ...JEST, "--config={}"],
    wrong: WITHOUT_A_VALUE,
  },
  {
    file: "runners/jest.spec.cjs",
    runtimes: NODE,
    args: [...JEST, `--config=${RUNNERS}/jest.config.cjs`],
    wrong: WITHOUT_A_VALUE,
  },
];
