/** Feathers, on Koa. */

// deno-lint-ignore-file no-explicit-any require-await -- its parameters have no types

import "@contextvars/contextvars/servers";
import { feathers } from "@feathersjs/feathers";
import { bodyParser, errorHandler, koa, parseAuthentication, rest } from "@feathersjs/koa";
import { begin, fail, hello, listen, see, work } from "../shared/probe.ts";

const app = koa(feathers());
app.use(async (context, next) => {
  const name = context.get("x-user");
  listen(context.res, name);
  begin(name);
  await next();
  see("after next", name);
});
app.use(errorHandler());
app.use(parseAuthentication());
app.use(bodyParser());
app.configure(rest());

const nameOf = ({ headers }: any): string => headers["x-user"];
app.use("hello", {
  find: async (params: any) => ({ text: await work(nameOf(params)) }),
  create: async (_data: unknown, params: any) => ({ text: hello("create", nameOf(params)) }),
  get: fail,
} as never);
app.service("hello").hooks({
  around: {
    all: [async (context, next) => {
      see("hook", nameOf(context.params));
      await next();
    }],
  },
  error: {
    all: [(context) => {
      context.error = new Error(hello("error hook", nameOf(context.params)));
    }],
  },
});
await app.listen(8000, "127.0.0.1");

// asked for: usual at /hello
// by its line: app.listen(8000, "127.0.0.1") ~> createServer(new Context().bind(app.callback())).listen(8000, "127.0.0.1")
