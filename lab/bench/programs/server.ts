/**
 * A server whose requests set each variable and get 20 values, before and after an await. Another
 * process loads it; measured is the processor time that the server itself takes for a request.
 */

import { spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Measured } from "./measure.ts";
import { GETS, type Subject } from "./subject.ts";

const ROUNDS = 10;
/** The requests of a round, and how many of them are under way at once. */
const REQUESTS = 2_000;
const CONNECTIONS = 16;

const NOTHING = { set() {}, get: Number, handler: <R>(fn: () => R) => fn };

/** Serves all requests of the load, with a way to carry values or none. */
export async function serve(subject: Subject | undefined, length: number): Promise<Measured> {
  const { set, get, handler } = subject ?? NOTHING;
  const getHalf = () => {
    let sum = 0;
    for (let i = 0; i < GETS / 2; i++) sum += get(i % length);
    return sum;
  };
  const handle = handler(async () => {
    for (let i = 0; i < length; i++) set(i, i);
    const sum = getHalf();
    await undefined;
    return new Response(`${sum + getHalf()}`);
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handle);
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
