/** tRPC. A client sends several procedures in one request: each must be a task. */

import "@contextvars/contextvars/servers";
import { ContextVar, createTask } from "@contextvars/contextvars";
import { initTRPC } from "@trpc/server";
import { type CreateHTTPContextOptions, createHTTPServer } from "@trpc/server/adapters/standalone";
import { begin, fail, hello, pause, see, user, work } from "../shared/probe.ts";

const title = new ContextVar<string>("title");

async function createContext({ req }: CreateHTTPContextOptions) {
  const name = req.headers["x-user"];
  begin(name);
  await pause(name);
  return { name };
}

const t = initTRPC.context<typeof createContext>().create();
const procedure = t.procedure.use(({ next }) => createTask(next));

const router = t.router({
  hello: procedure.input(String).query(async ({ ctx, input }) => {
    title.set(input);
    await work(ctx.name);
    see("what a sibling has set", input, title);
    return `hello, ${title.get()} ${user.get()}`;
  }),
  greet: procedure.input(String).mutation(async ({ ctx }) => {
    await pause();
    return hello("mutation", ctx.name);
  }),
  fail: procedure.query(() => fail().catch(() => Promise.reject(new Error(user.get())))),
});

const onError = ({ ctx }: { ctx?: { name: unknown } | undefined }) =>
  see("onError", ctx?.name as string);
createHTTPServer({ router, createContext, onError }).listen(8000, "127.0.0.1");

// asked for: tRPC
// by its line: createHTTPServer } ~> createHTTPHandler }
// by its line: createHTTPServer({ router, createContext, onError }) ~> createServer(new Context().bind(createHTTPHandler({ router, createContext, onError })))
// wrong, no task for a procedure: .use(({ next }) => createTask(next)) ~>
