/**
 * One HTTP server, in a process of its own: a framework, and a way to carry a request's values.
 *
 * Each request sets 5 values and reads 20, before and after an await. The server answers two
 * questions on standard input: `port`, and `cpu`, the processor's microseconds that it has used.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { createInterface } from "node:readline";
import { Hono } from "npm:hono@4.10.6";
import { Context, ContextVar } from "../../../mod.ts";

const SETS = 5;
const GETS = 20;

type Handler = (request: Request) => Promise<Response>;

/** How a request's values are set and read, and how a handler is wrapped. */
interface Carrier {
  set(index: number, value: string): void;
  get(index: number): string;
  wrap(handler: Handler): Handler;
}

const storage = new AsyncLocalStorage<Map<object, string>>();
const keys = Array.from({ length: SETS }, () => ({}));
const variables = Array.from({ length: SETS }, (_, i) => new ContextVar<string>(`variable${i}`));

const CARRIERS: Readonly<Record<string, Carrier>> = {
  "no context": { set() {}, get: (index) => String(index), wrap: (handler) => handler },
  "AsyncLocalStorage": {
    set(index, value) {
      storage.getStore()!.set(keys[index]!, value);
    },
    get: (index) => storage.getStore()!.get(keys[index]!)!,
    wrap: (handler) => (request) => storage.run(new Map(), handler, request),
  },
  "contextvars": {
    set(index, value) {
      variables[index]!.set(value);
    },
    get: (index) => variables[index]!.get(),
    wrap: (handler) => new Context().bind(handler),
  },
};

const FRAMEWORKS: Readonly<Record<string, (carrier: Carrier) => Handler>> = {
  "Deno.serve": (carrier) => carrier.wrap(async () => new Response(await work(carrier))),
  "hono": (carrier) => {
    const app = new Hono();
    app.get("/", async (c) => c.text(await work(carrier)));
    return carrier.wrap(async (request) => await app.fetch(request));
  },
};

async function work({ set, get }: Carrier): Promise<string> {
  for (let i = 0; i < SETS; i++) set(i, "value");
  let length = 0;
  for (let i = 0; i < GETS / 2; i++) length += get(i % SETS).length;
  await undefined;
  for (let i = 0; i < GETS / 2; i++) length += get(i % SETS).length;
  return `${length}`;
}

const [framework, carrier] = Deno.args as [string, string];
const handler = FRAMEWORKS[framework]!(CARRIERS[carrier]!);
const { port } = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler).addr;
for await (const question of createInterface({ input: process.stdin })) {
  const { user, system } = process.cpuUsage();
  console.log(question === "port" ? port : user + system);
}
Deno.exit();
