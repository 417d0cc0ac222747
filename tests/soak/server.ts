/** A bound server under load: requests that succeed, abort, throw, stream and leave tasks behind. */

import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";
import type { Random } from "../random.ts";
import { note, Payload, type Tally } from "./tally.ts";

const CLIENTS = 50;
const CHUNKS = 4;
const KINDS = ["plain", "anonymous", "helper", "throws", "streams", "aborts", "outlives"] as const;

type Kind = typeof KINDS[number];

const user = new ContextVar<Payload | undefined>("user", { default: undefined });

/** Serves, with a bound handler, what the clients ask for. */
export class SoakServer {
  readonly #tally: Tally;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #outliving = new Set<Promise<void>>();

  constructor(tally: Tally) {
    this.#tally = tally;
    const onError = () => new Response("thrown", { status: 500 });
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {}, onError },
      copyContext().bind((request) => this.#handle(request)),
    );
  }

  /** Lets clients, each with connections that are kept alive, make so many requests. */
  async soak(count: number, random: Random): Promise<void> {
    const client = async () => {
      for (let left = count / CLIENTS; left > 0; left--) {
        await this.#ask(random.pick(KINDS));
        this.#tally.requests++;
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    await Promise.all(this.#outliving);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #ask(kind: Kind): Promise<void> {
    const controller = new AbortController();
    const url = `http://127.0.0.1:${this.#server.addr.port}/?${kind}`;
    const response = await fetch(url, { signal: controller.signal });
    if (kind === "aborts") {
      await response.body!.getReader().read();
      controller.abort();
      return;
    }
    const id = response.headers.get("x-user");
    const line = `${id}\n`;
    const expected = { throws: "thrown", streams: line.repeat(CHUNKS) }[kind as string] ?? line;
    note(this.#tally, await response.text(), expected);
  }

  async #handle(request: Request): Promise<Response> {
    const kind = new URL(request.url).search.slice(1) as Kind;
    note(this.#tally, user.get(), undefined);
    const own = kind === "anonymous" ? undefined : new Payload(this.#tally);
    if (kind === "helper") await setUser(own);
    else if (own !== undefined) user.set(own);
    await new Promise((resolve) => setTimeout(resolve, 1));
    note(this.#tally, user.get(), own);
    if (kind === "throws") throw new Error("asked for");
    if (kind === "outlives") this.#startOutliving(own);
    const streams = kind === "streams" || kind === "aborts";
    const body = streams ? this.#stream(own) : `${own?.id ?? "anonymous"}\n`;
    return new Response(body, { headers: { "x-user": own?.id ?? "anonymous" } });
  }

  /** Streams the id of the current user, read anew for each chunk, without an end if nobody ends it. */
  #stream(own: Payload | undefined): ReadableStream<Uint8Array> {
    let left = CHUNKS;
    return new ReadableStream({
      pull: async (controller) => {
        await Promise.resolve();
        note(this.#tally, user.get(), own);
        controller.enqueue(new TextEncoder().encode(`${user.get()?.id}\n`));
        if (--left === 0) controller.close();
      },
    });
  }

  /** Starts a task that goes on after its response. */
  #startOutliving(own: Payload | undefined): void {
    const task = createTask(async () => {
      for (let turns = 0; turns < 5; turns++) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        note(this.#tally, user.get(), own);
      }
    });
    this.#outliving.add(task);
    task.finally(() => this.#outliving.delete(task));
  }
}

/** Sets the user for its awaiter, after a wait of its own. */
async function setUser(value: Payload | undefined): Promise<void> {
  await Promise.resolve();
  user.set(value);
}
