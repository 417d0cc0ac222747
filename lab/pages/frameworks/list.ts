/** The programs, and what is known of each. */

import type { RuntimeTitle } from "../../runtimes/install.ts";
import { asking, GRAPHQL, type Kind, posting, TRPC, uploading, USUAL } from "./asks.ts";

/** A server on the real package. */
export interface Program {
  /** In `programs/`; with the files beside it, where it has a folder of its own. */
  readonly file: string;
  readonly runtimes: readonly RuntimeTitle[];
  readonly kinds: readonly Kind[];
  /** Where the page says that a request's value may be lost although bound, and on what. */
  readonly lost: Readonly<Record<string, readonly RuntimeTitle[]>>;
  /** By what it does: text of the file, and what looks as right in its place. */
  readonly wrong: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Whether `deno serve` runs it. */
  readonly served?: boolean;
}

const DENO: readonly RuntimeTitle[] = ["Deno"];
const BOTH: readonly RuntimeTitle[] = ["Deno", "Node.js 24"];

/** Listeners of a response whose client has left. */
const LEFT = { "close": BOTH, "finish": DENO } as const;

const STREAMING = [...USUAL, asking("/lost/stream")];

export const PROGRAMS: readonly Program[] = [
  {
    file: "deno_serve.ts",
    runtimes: DENO,
    kinds: [...STREAMING, asking("/lost/error")],
    lost: { "generator": DENO, "onError": DENO },
    wrong: {
      "not bound": { "copyContext().bind(handler)": "handler" },
      "createTask in a handler that is not bound": {
        "{ ContextVar": "{ createTask, ContextVar",
        "copyContext().bind(handler)": "(request, info) => createTask(handler, request, info)",
      },
    },
  },
  {
    file: "deno_command.ts",
    runtimes: DENO,
    kinds: STREAMING,
    lost: { "generator": DENO },
    wrong: { "not bound": { "copyContext().bind(handler)": "handler" } },
    served: true,
  },
  {
    file: "node_http.ts",
    runtimes: BOTH,
    kinds: [...USUAL, posting("/raw")],
    lost: {
      ...LEFT,
      "close, by copyContext().bind": BOTH,
      "data listener": BOTH,
      "end listener": BOTH,
    },
    wrong: { "not bound": { "copyContext().bind(handler)": "handler" } },
  },
  {
    file: "hono/deno.ts",
    runtimes: DENO,
    kinds: STREAMING,
    lost: { "generator": DENO, "onAbort": DENO },
    wrong: { "not bound": { "copyContext().bind(app.fetch)": "app.fetch" } },
  },
  {
    file: "hono/node.ts",
    runtimes: BOTH,
    kinds: STREAMING,
    lost: { "generator": BOTH, "onAbort": BOTH },
    wrong: { "not bound": { "copyContext().bind(app.fetch)": "app.fetch" } },
  },
  {
    file: "express.ts",
    runtimes: BOTH,
    kinds: [...USUAL, uploading("/upload"), posting("/raw")],
    lost: { ...LEFT, "data listener": BOTH, "end listener": BOTH },
    wrong: {
      "not bound": { "copyContext().bind(app)": "app" },
      "createTask as middleware": {
        "{ ContextVar": "{ createTask, ContextVar",
        "= express();": "= express();\napp.use((_request, _response, next) => createTask(next));",
        "copyContext().bind(app)": "app",
      },
    },
  },
  {
    file: "fastify.ts",
    runtimes: BOTH,
    kinds: USUAL,
    lost: { ...LEFT, "onResponse": DENO, "onRequestAbort": BOTH },
    wrong: {
      "without the hook": { "new Context().run(done)": "done()" },
      "createTask in the hook": {
        "{ Context,": "{ createTask,",
        "new Context().run(done)": "void createTask(done)",
      },
    },
  },
  {
    file: "koa.ts",
    runtimes: BOTH,
    kinds: USUAL,
    lost: LEFT,
    wrong: {
      "not bound": { "copyContext().bind(app.callback())": "app.callback()" },
      "as middleware": {
        "{ ContextVar": "{ Context, ContextVar",
        "= new Koa();": "= new Koa();\napp.use((_context, next) => new Context().run(next));",
        "copyContext().bind(app.callback())": "app.callback()",
      },
    },
  },
  {
    file: "h3.ts",
    runtimes: BOTH,
    kinds: STREAMING,
    lost: { "generator": BOTH },
    wrong: {
      "not bound": { "copyContext().bind(app.fetch)": "app.fetch" },
      "as middleware": {
        "{ ContextVar": "{ Context, ContextVar",
        "app.use(": "app.use((_event, next) => new Context().run(next));\napp.use(",
        "copyContext().bind(app.fetch)": "app.fetch",
      },
    },
  },
  {
    file: "nestjs/main.ts",
    runtimes: BOTH,
    kinds: USUAL,
    lost: LEFT,
    wrong: { "without the middleware": { "new Context().run(next)": "next()" } },
  },
  {
    file: "trpc.ts",
    runtimes: BOTH,
    kinds: TRPC,
    lost: {},
    wrong: {
      "not bound": { "copyContext().bind(handler)": "handler" },
      "no task for a procedure": { ".use(({ next }) => createTask(next))": "" },
    },
  },
  {
    file: "graphql_yoga.ts",
    runtimes: BOTH,
    kinds: GRAPHQL,
    lost: {},
    wrong: {
      "not bound": { "copyContext().bind(yoga)": "yoga" },
      "no task for a resolver": {
        "createTask(hello, args.title, context)": "hello(args.title, context)",
      },
      "one loader for all, which waits for more": {
        "const yoga =": `const shared = new DataLoader(loadGreetings, {
          batchScheduleFn: (run) => setTimeout(run, 5),
        });
        const yoga =`,
        "greetings: new DataLoader(loadGreetings)": "greetings: shared",
      },
    },
  },
  {
    file: "worker.ts",
    runtimes: ["workerd"],
    kinds: STREAMING,
    lost: { "generator": ["workerd"] },
    wrong: { "not bound": { "copyContext().bind(handler)": "handler" } },
  },
];
