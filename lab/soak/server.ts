/** A bound server under load: requests that are answered, throw, stream, go on or are left. */

// deno-lint-ignore-file contextvars/unbound-listener -- on purpose

import { setTimeout as sleep } from "node:timers/promises";
import { Context, ContextVar, copyContext, createTask } from "@contextvars/contextvars";
import type { Random } from "../random.ts";
import type { Payload, Tally } from "./tally.ts";

const CLIENTS = 50;
const CHUNKS = 4;
const KINDS = ["answers", "throws", "streams", "goes on"] as const;

/** In percent, the clients that leave in the middle; few, for each of them costs a connection. */
const LEAVING = 5;

const user = new ContextVar<Payload | undefined>("user", { default: undefined });

/** Serves so many requests, of clients whose connections are kept alive, and counts what they saw. */
export async function soakServer(count: number, random: Random, tally: Tally): Promise<void> {
  const goingOn: Promise<void>[] = [];
  const onError = () => new Response("thrown", { status: 500 });
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, onError },
    new Context().bind(async ({ url }) => {
      const kind = new URL(url).searchParams.get("kind");
      tally.note(user.get(), undefined);
      const own = tally.payload();
      user.set(own);
      const check = () => tally.note(user.get(), own);
      await sleep(1);
      check();
      if (kind === "throws") throw new Error("asked for");
      if (kind === "goes on") goingOn.push(createTask(goOn, check));
      const chunks = { streams: CHUNKS, leaves: Infinity }[kind!];
      const body = chunks === undefined ? `${own.id}\n` : stream(chunks, check, tally);
      return new Response(body, { headers: { "x-user": own.id } });
    }),
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  async function client(): Promise<void> {
    for (let left = count / CLIENTS; left > 0; left--) {
      if (random.chance(LEAVING)) await leave(origin, tally);
      else await ask(origin, random.pick(KINDS), tally);
      tally.requests++;
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client));
  await Promise.all(goingOn);
}

async function ask(origin: string, kind: string, tally: Tally): Promise<void> {
  const response = await fetch(`${origin}/?kind=${kind}`);
  const line = `${response.headers.get("x-user")}\n`;
  const expected = { throws: "thrown", streams: line.repeat(CHUNKS) }[kind] ?? line;
  tally.note(await response.text(), expected);
}

/** Asks for a body without an end, and goes away. */
async function leave(origin: string, tally: Tally): Promise<void> {
  const controller = new AbortController();
  const response = await fetch(`${origin}/?kind=leaves`, { signal: controller.signal });
  await response.body!.getReader().read();
  controller.abort();
  tally.left++;
}

/** Streams the id of the current user, read anew for each chunk. */
function stream(chunks: number, check: () => void, tally: Tally): ReadableStream<Uint8Array> {
  let left = chunks;
  return new ReadableStream({
    async pull(controller) {
      check();
      await sleep(1);
      check();
      controller.enqueue(new TextEncoder().encode(`${user.get()?.id}\n`));
      if (--left === 0) controller.close();
    },
    // Bound: Deno 2.9.6 calls it in no task's context, most of the time.
    cancel: copyContext().bind(() => {
      check();
      tally.cancelled++;
    }),
  });
}

/** Goes on after the response. */
async function goOn(check: () => void): Promise<void> {
  for (let turns = 0; turns < 5; turns++) {
    await sleep(2);
    check();
  }
}
