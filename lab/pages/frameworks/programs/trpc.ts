/** tRPC: docs/frameworks.md has the lines to copy. */

import { createServer } from "node:http";
import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";
import { initTRPC } from "@trpc/server";
import { type CreateHTTPContextOptions, createHTTPHandler } from "@trpc/server/adapters/standalone";
import { countReads, pause, seeHelped } from "../probe.ts";

const user = new ContextVar("user", { default: "anonymous" });
const see = countReads(user);
const title = new ContextVar<string>("title");
const seeTitle = countReads(title);

async function createContext({ req }: CreateHTTPContextOptions) {
  const name = req.headers["x-user"];
  see("createContext", null);
  if (typeof name === "string") user.set(name);
  await pause(name);
  return { name };
}

const t = initTRPC.context<typeof createContext>().create();
const procedure = t.procedure.use(({ next }) => createTask(next));

const router = t.router({
  hello: procedure.input(String).query(async (opts) => {
    const { ctx } = opts;
    see("procedure", ctx.name);
    seeHelped(ctx.name);
    title.set(opts.input);
    await pause();
    see("procedure, after an await", ctx.name);
    seeTitle("what a sibling has set", opts.input);
    return `hello, ${title.get()} ${user.get()}`;
  }),
  greet: procedure.input(String).mutation(async ({ ctx }) => {
    await pause();
    see("mutation", ctx.name);
    return `hello, ${user.get()}`;
  }),
  fail: procedure.query(async () => {
    await pause();
    throw new Error(`sorry, ${user.get()}`);
  }),
});

const handler = createHTTPHandler({
  router,
  createContext,
  onError: ({ ctx }) => see("onError", ctx?.name),
});
createServer(copyContext().bind(handler)).listen(8000, "127.0.0.1");
