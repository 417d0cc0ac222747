/** The programs, and what is known of each. As they stand, each has the import and no other line. */

import type { RuntimeTitle } from "../../runtimes/install.ts";
import {
  asking,
  GRAPHQL,
  type Kind,
  posting,
  SOCKETS,
  STREAM,
  TRPC,
  UPLOAD,
  USUAL,
} from "./asks.ts";

/** Text of a program, and what is put in its place. */
export type Changes = Readonly<Record<string, string>>;

/** By place, the runtimes on which a request's value may be lost there. */
type Lost = Readonly<Record<string, readonly RuntimeTitle[]>>;

/** A server on the real package. */
export interface Program {
  /** In `programs/`; with the files beside it, where it has a folder of its own. */
  readonly file: string;
  /** What makes another server of the file, and how that is called. */
  readonly other?: readonly [title: string, changes: Changes];
  readonly runtimes: readonly RuntimeTitle[];
  readonly kinds: readonly Kind[];
  /** What stands in the import's place where that cannot be. */
  readonly line?: Changes;
  readonly lost?: Lost;
  readonly lostByLine?: Lost;
  /** By what it does: what looks as right. That there is neither import nor line goes without saying. */
  readonly wrong?: Readonly<Record<string, Changes>>;
  /** Whether `deno serve` runs it. */
  readonly served?: boolean;
  /** Whether it speaks TLS. */
  readonly tls?: boolean;
}

export const IMPORT = 'import "@contextvars/contextvars/servers";\n';

const DENO: readonly RuntimeTitle[] = ["Deno"];
const BUN: readonly RuntimeTitle[] = ["Bun"];
const BOTH: readonly RuntimeTitle[] = ["Deno", "Node.js 24"];
const ALL: readonly RuntimeTitle[] = [...BOTH, "Node.js 20", "Bun"];

/** Listeners of a response whose client has left. */
const LEFT: Lost = { "close": BOTH, "finish": DENO };

const CONTEXT = 'import { Context } from "@contextvars/contextvars";\n';
const TASK = 'import { createTask } from "@contextvars/contextvars";\n';
const HTTP = 'import { createServer } from "node:http";\n';
const LISTEN = '.listen(8000, "127.0.0.1")';

/** A line that binds what a program serves, in the place of other text. */
function bound(from: string, to: string): Changes {
  const imports = to.includes("createServer(") ? CONTEXT + HTTP : CONTEXT;
  return { [IMPORT]: imports, [from]: to };
}

/** Makes a server with TLS of that of node:http. */
function secure(module: string, make: string): Changes {
  return {
    [IMPORT]: `${IMPORT}import { cert, key } from "../certificate.ts";\n`,
    '{ createServer } from "node:http"': `{ ${make} } from "${module}"`,
    "createServer(handler)": `${make}({ key, cert, allowHTTP1: true }, handler)`,
  };
}

const FETCH = bound("fetch: app.fetch", "fetch: new Context().bind(app.fetch)");
const WEB = [...USUAL, asking("/stream")];
const NODE_HTTP = { file: "node_http.ts", kinds: [...USUAL, STREAM, posting("/raw")] };

export const PROGRAMS: readonly Program[] = [
  {
    file: "web/deno.ts",
    runtimes: DENO,
    kinds: [...WEB, asking("/thrown")],
    line: bound("}, handler)", "}, new Context().bind(handler))"),
    lostByLine: { "generator": DENO, "onError": DENO },
    wrong: {
      "createTask in a handler that is not bound": {
        [IMPORT]: TASK,
        "}, handler)": "}, (request) => createTask(handler, request))",
      },
    },
  },
  {
    file: "web/bun.ts",
    runtimes: BUN,
    kinds: [...WEB, asking("/thrown")],
    line: {
      ...bound("fetch: handler", "fetch: new Context().bind(handler)"),
      '"/": handler': '"/": new Context().bind(handler)',
    },
    lostByLine: { "generator": BUN, "onError": BUN },
  },
  {
    file: "web/exported.ts",
    runtimes: [...DENO, ...BUN],
    kinds: WEB,
    line: bound("fetch: handler", "fetch: new Context().bind(handler)"),
    lostByLine: { "generator": [...DENO, ...BUN] },
    served: true,
  },
  {
    file: "web/worker.ts",
    runtimes: ["workerd"],
    kinds: WEB,
    lost: { "generator": ["workerd"] },
    wrong: { "not bound": { "new Context().bind(handler)": "handler" } },
  },
  {
    ...NODE_HTTP,
    runtimes: ALL,
    line: {
      [IMPORT]: CONTEXT,
      "createServer(handler)": "createServer(new Context().bind(handler))",
    },
    lostByLine: { ...LEFT, "data listener": BOTH, "end listener": BOTH },
  },
  {
    ...NODE_HTTP,
    other: ["node:https", secure("node:https", "createServer")],
    runtimes: ALL,
    tls: true,
  },
  {
    ...NODE_HTTP,
    other: ["node:http2", secure("node:http2", "createSecureServer")],
    runtimes: ALL,
    tls: true,
  },
  {
    file: "hono/deno.ts",
    runtimes: DENO,
    kinds: [...USUAL, STREAM, asking("/generator")],
    line: bound("app.fetch", "new Context().bind(app.fetch)"),
    lost: { "onAbort": DENO },
    lostByLine: { "generator": DENO, "onAbort": DENO },
  },
  {
    file: "hono/bun.ts",
    runtimes: BUN,
    kinds: [...USUAL, STREAM, asking("/generator")],
    line: FETCH,
    lostByLine: { "generator": BUN, "onAbort": BUN },
  },
  {
    file: "hono/node.ts",
    runtimes: ALL,
    kinds: [...USUAL, STREAM, asking("/generator")],
    line: FETCH,
    lostByLine: { "generator": BOTH, "onAbort": BOTH },
  },
  {
    file: "express.ts",
    runtimes: ALL,
    kinds: [...USUAL, STREAM, UPLOAD, posting("/raw")],
    line: bound(`app${LISTEN}`, `createServer(new Context().bind(app))${LISTEN}`),
    lostByLine: { ...LEFT, "data listener": BOTH, "end listener": BOTH },
    wrong: {
      "createTask as middleware": {
        [IMPORT]: TASK,
        "= express();": "= express();\napp.use((_request, _response, next) => createTask(next));",
      },
    },
  },
  {
    file: "fastify.ts",
    runtimes: ALL,
    kinds: [...USUAL, STREAM],
    line: bound(
      "= Fastify();",
      '= Fastify();\napp.addHook("onRequest", (_request, _reply, done) => new Context().run(done));',
    ),
    lostByLine: { ...LEFT, "onResponse": DENO, "onRequestAbort": BOTH },
    wrong: {
      "createTask in the hook": {
        [IMPORT]: TASK,
        "= Fastify();":
          '= Fastify();\napp.addHook("onRequest", (_request, _reply, done) => void createTask(done));',
      },
    },
  },
  {
    file: "koa.ts",
    runtimes: ALL,
    kinds: [...USUAL, STREAM],
    line: bound(`app${LISTEN}`, `createServer(new Context().bind(app.callback()))${LISTEN}`),
    lostByLine: LEFT,
    wrong: {
      "as middleware": bound(
        "= new Koa();",
        "= new Koa();\napp.use((_context, next) => new Context().run(next));",
      ),
    },
  },
  {
    file: "h3.ts",
    runtimes: ALL,
    kinds: WEB,
    line: {
      ...bound("serve(app, {", "serve({ fetch: new Context().bind(app.fetch),"),
      'import { H3, serve } from "h3";': 'import { H3 } from "h3";\nimport { serve } from "srvx";',
    },
    lostByLine: { "generator": BOTH },
    wrong: {
      "as middleware": bound(
        "app.use(",
        "app.use((_event, next) => new Context().run(next));\napp.use(",
      ),
    },
  },
  {
    file: "nestjs/main.ts",
    runtimes: ALL,
    kinds: [...USUAL, STREAM],
    line: bound(
      "{ logger: false });",
      "{ logger: false });\n" +
        "app.use((_request: unknown, _response: unknown, next: () => void) => new Context().run(next));",
    ),
    lostByLine: LEFT,
  },
  {
    file: "trpc.ts",
    runtimes: ALL,
    kinds: TRPC,
    line: {
      ...bound(
        "createHTTPServer({ router, createContext, onError })",
        "createServer(new Context().bind(createHTTPHandler({ router, createContext, onError })))",
      ),
      "createHTTPServer }": "createHTTPHandler }",
    },
    wrong: { "no task for a procedure": { ".use(({ next }) => createTask(next))": "" } },
  },
  {
    file: "graphql/yoga.ts",
    runtimes: ALL,
    kinds: GRAPHQL,
    line: {
      [IMPORT]: CONTEXT,
      "createServer(yoga)": "createServer(new Context().bind(yoga))",
    },
  },
  { file: "graphql/apollo.ts", runtimes: ALL, kinds: GRAPHQL },
  { file: "hapi.ts", runtimes: ALL, kinds: [...USUAL, STREAM] },
  {
    file: "polka.ts",
    runtimes: ALL,
    kinds: [...USUAL.filter((kind) => kind("").init === undefined), STREAM],
    line: bound(`app${LISTEN}`, `createServer(new Context().bind(app.handler))${LISTEN}`),
    lostByLine: LEFT,
  },
  {
    file: "feathers.ts",
    runtimes: ALL,
    kinds: USUAL.map((kind) => (name) => ({ ...kind(name), path: `/hello${kind(name).path}` })),
    line: bound(`app${LISTEN}`, `createServer(new Context().bind(app.callback()))${LISTEN}`),
    lostByLine: LEFT,
  },
  {
    file: "elysia.ts",
    runtimes: BUN,
    kinds: [...USUAL, STREAM],
    line: bound("app.listen({", "Bun.serve({ fetch: new Context().bind(app.fetch),"),
  },
  // Bun has a ws of its own, which calls listeners outside all tasks. Under load Socket.IO ends a
  // program on Deno 2.9.6, without an error.
  { file: "ws.ts", runtimes: [...BOTH, "Node.js 20"], kinds: [SOCKETS.ws] },
  {
    file: "socket_io.ts",
    runtimes: ["Node.js 24", "Node.js 20"],
    kinds: [SOCKETS.socketIo, SOCKETS.polling],
    line: {
      [IMPORT]: CONTEXT,
      "async () => {": "new Context().bind(async () => {",
      "user.get());\n  });": "user.get());\n  }));",
    },
  },
  { file: "supertest.ts", runtimes: ALL, kinds: [asking("/")] },
];
