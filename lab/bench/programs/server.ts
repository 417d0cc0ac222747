/**
 * A server whose requests set 5 variables and get 20 values, before and after an await. Another
 * process loads it; measured is the processor time that the server itself takes for a request.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { Context, ContextVar } from "../../../mod.ts";
import type { Measured } from "./measure.ts";
import { GETS } from "./subject.ts";

const SETS = 5;
const ROUNDS = 10;
/** The requests of a round, and how many of them are under way at once. */
const REQUESTS = 2_000;
const CONNECTIONS = 16;

type Handler = () => Promise<Response>;

const storage = new AsyncLocalStorage<Map<object, string>>();
const keys = Array.from({ length: SETS }, () => ({}));
const variables = Array.from({ length: SETS }, (_, i) => new ContextVar<string>(`variable${i}`));

const SUBJECTS = {
  "contextvars": {
    set: (i: number) => void variables[i]!.set("value"),
    get: (i: number) => variables[i]!.get(),
    wrap: (handler: Handler) => new Context().bind(handler),
  },
  "Map": {
    set: (i: number) => void storage.getStore()!.set(keys[i]!, "value"),
    get: (i: number) => storage.getStore()!.get(keys[i]!)!,
    wrap: (handler: Handler) => () => storage.run(new Map(), handler),
  },
  "no context": { set() {}, get: String, wrap: (handler: Handler) => handler },
};

/** Serves all requests of the load, with one of the ways to carry values. */
export async function serve(name: string): Promise<Measured> {
  const { set, get, wrap } = SUBJECTS[name as keyof typeof SUBJECTS];
  const handler = wrap(async () => {
    for (let i = 0; i < SETS; i++) set(i);
    let length = 0;
    for (let i = 0; i < GETS / 2; i++) length += get(i % SETS).length;
    await undefined;
    for (let i = 0; i < GETS / 2; i++) length += get(i % SETS).length;
    return new Response(`${length}`);
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  const args = ["run", "-A", import.meta.filename!, "load", String(server.addr.port)];
  const loader = spawn(Deno.execPath(), args, { stdio: ["ignore", "pipe", "inherit"] });
  const cpu: number[] = [];
  let before = process.cpuUsage();
  for await (const _ of createInterface({ input: loader.stdout })) {
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) * 1e3 / REQUESTS);
    before = process.cpuUsage();
  }
  await server.shutdown();
  return { cpu };
}

/** Sends a server the requests of each round, and prints a line after each. */
async function load(port: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    let left = REQUESTS;
    const connection = async () => {
      while (left-- > 0) await (await fetch(`http://127.0.0.1:${port}/`)).text();
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    console.log(round);
  }
}

if (process.argv[2] === "load") await load(process.argv[3]!);
