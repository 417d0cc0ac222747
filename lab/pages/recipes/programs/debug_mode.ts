/**
 * Debug mode with real libraries: it reports nothing where concurrent calls are tasks, and something
 * where they are not.
 */

import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";
import { onReport } from "@contextvars/contextvars/debug";
import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import DataLoader from "dataloader";
import express from "express";
import { fastify } from "fastify";
import { graphql, GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { Hono } from "hono";
import Koa from "koa";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import pLimit from "p-limit";
import PQueue from "p-queue";
import { defer, from, lastValueFrom, mergeMap, toArray } from "rxjs";

const NAMES = ["alice", "bob", "carol"];
const user = new ContextVar("user", { default: "nobody" });

/** How a library's calls begin: each as a task, or not. */
interface Start {
  call<R>(fn: () => Promise<R>): Promise<R>;
  handler<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R;
}

const AS_TASKS: Start = {
  call: (fn) => createTask(fn) as never,
  handler: (fn) => copyContext().bind(fn) as never,
};

const WITHOUT: Start = { call: (fn) => fn(), handler: (fn) => fn };

const waiting: (() => void)[] = [];

/** Waits until all calls have come this far. */
async function meet(): Promise<void> {
  await new Promise<void>((resolve) => {
    if (waiting.push(resolve) === NAMES.length) waiting.splice(0).forEach((goOn) => goOn());
  });
}

async function work(name: string): Promise<string> {
  user.set(name);
  await meet();
  return user.get();
}

async function ask(listener: RequestListener): Promise<void> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await Promise.all(NAMES.map(async (name) => {
    await (await fetch(`http://127.0.0.1:${port}/?user=${name}`)).text();
  }));
  server.closeAllConnections();
  server.close();
}

const LIBRARIES: Record<string, (start: Start) => Promise<unknown>> = {
  koa({ handler }) {
    const app = new Koa();
    app.use(async (context, next) => {
      user.set(String(context.query.user));
      await next();
    });
    app.use(async (context) => {
      await meet();
      context.body = user.get();
    });
    return ask(handler(app.callback()));
  },

  express({ handler }) {
    const app = express();
    app.use((request, _response, next) => {
      user.set(String(request.query.user));
      next();
    });
    app.get("/", async (_request, response) => {
      await meet();
      response.send(user.get());
    });
    return ask(handler(app as RequestListener));
  },

  async fastify({ handler }) {
    const app = fastify();
    app.get("/", async (request) => await work((request.query as { user: string }).user));
    await app.ready();
    await ask(handler<Parameters<RequestListener>, void>((...args) => app.routing(...args)));
  },

  hono({ handler }) {
    const app = new Hono();
    app.use(async (context, next) => {
      user.set(String(context.req.query("user")));
      await next();
    });
    app.get("/", async (context) => {
      await meet();
      return context.text(user.get());
    });
    const answer = handler((url: string) => app.request(url));
    return Promise.all(NAMES.map((name) => answer(`/?user=${name}`)));
  },

  p_limit({ call }) {
    const limit = pLimit(NAMES.length);
    return Promise.all(NAMES.map((name) => limit(() => call(() => work(name)))));
  },

  p_queue({ call }) {
    const queue = new PQueue({ concurrency: NAMES.length });
    return Promise.all(NAMES.map((name) => queue.add(() => call(() => work(name)))));
  },

  dataloader({ call }) {
    const loader = new DataLoader((keys: readonly string[]) => Promise.resolve(keys));
    const load = async (name: string) => {
      user.set(name);
      return await loader.load(name) === user.get();
    };
    return Promise.all(NAMES.map((name) => call(() => load(name))));
  },

  rxjs({ call }) {
    const results = from(NAMES).pipe(mergeMap((name) => defer(() => call(() => work(name)))));
    return lastValueFrom(results.pipe(toArray()));
  },

  graphql({ call }) {
    const fields = NAMES.map((name) => [
      name,
      { type: GraphQLString, resolve: () => call(() => work(name)) },
    ]);
    const query = new GraphQLObjectType({ name: "Query", fields: Object.fromEntries(fields) });
    return graphql({ schema: new GraphQLSchema({ query }), source: `{ ${NAMES.join(" ")} }` });
  },

  trpc({ call }) {
    const { procedure, router } = initTRPC.create();
    const queries = NAMES.map((name) => [name, procedure.query(() => call(() => work(name)))]);
    return fetchRequestHandler({
      endpoint: "",
      req: new Request(`http://localhost/${NAMES.join(",")}?batch=1`),
      router: router(Object.fromEntries(queries)),
    });
  },
};

/** Counts what is reported while a library is at work in a task. */
async function reportsOf(library: (start: Start) => Promise<unknown>, start: Start) {
  let reports = 0;
  onReport(() => reports++);
  await createTask(() => library(start));
  return reports;
}

for (const [name, library] of Object.entries(LIBRARIES)) {
  const withTasks = await reportsOf(library, AS_TASKS);
  const without = await reportsOf(library, WITHOUT);
  console.log(`${name}: ${withTasks} reports with tasks, ${without} without`);
  if (withTasks > 0 || without === 0) process.exitCode = 1;
}

// wrong, calls that are not tasks: createTask(fn) as never ~> fn()
