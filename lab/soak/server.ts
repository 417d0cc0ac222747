/** A bound server under load: requests that succeed, throw, stream, leave tasks behind or are left. */

// deno-lint-ignore-file contextvars/unbound-listener -- on purpose

import { Context, ContextVar, copyContext, createTask } from "@contextvars/contextvars";
import type { Random } from "../../tests/random.ts";
import { note, Payload, type Tally } from "./tally.ts";

const CLIENTS = 50;
const CHUNKS = 4;
const STAYING = ["plain", "anonymous", "helper", "throws", "streams", "outlives"] as const;

/** The client aborts while the response is sent, or before there is one. */
const LEAVING = ["aborts", "leaves"] as const;

/** In percent; few, for each of them costs a connection. */
const LEAVING_SHARE = 5;

type Staying = typeof STAYING[number];
type Leaving = typeof LEAVING[number];

/** What a client that leaves and its request's handler wait for, each of the other. */
interface Visit {
  readonly kind: Leaving;
  readonly arrived: PromiseWithResolvers<void>;
  readonly left: PromiseWithResolvers<void>;
  readonly cancelled: PromiseWithResolvers<void>;
}

const user = new ContextVar<Payload | undefined>("user", { default: undefined });

/** Serves, with a bound handler, what the clients ask for. */
export class SoakServer {
  readonly #tally: Tally;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #outliving = new Set<Promise<void>>();
  /** By the path that the client asks for. */
  readonly #visits = new Map<string, Visit>();

  constructor(tally: Tally) {
    this.#tally = tally;
    const onError = () => new Response("thrown", { status: 500 });
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {}, onError },
      new Context().bind((request) => this.#handle(request)),
    );
  }

  /** Lets clients, each with connections that are kept alive, make so many requests. */
  async soak(count: number, random: Random): Promise<void> {
    const client = async () => {
      for (let left = count / CLIENTS; left > 0; left--) {
        if (random.chance(LEAVING_SHARE)) await this.#askAndLeave(random.pick(LEAVING));
        else await this.#ask(random.pick(STAYING));
        this.#tally.requests++;
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    await Promise.all(this.#outliving);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #ask(kind: Staying): Promise<void> {
    const response = await fetch(this.#url(`/?${kind}`));
    const id = response.headers.get("x-user");
    const line = `${id}\n`;
    const expected = { throws: "thrown", streams: line.repeat(CHUNKS) }[kind as string] ?? line;
    note(this.#tally, await response.text(), expected);
  }

  /** Asks, goes away, and waits until the server has noticed. */
  async #askAndLeave(kind: Leaving): Promise<void> {
    const path = `/${crypto.randomUUID()}`;
    const visit = {
      kind,
      arrived: Promise.withResolvers<void>(),
      left: Promise.withResolvers<void>(),
      cancelled: Promise.withResolvers<void>(),
    };
    this.#visits.set(path, visit);
    const controller = new AbortController();
    const response = fetch(this.#url(path), { signal: controller.signal });
    if (kind === "aborts") await (await response).body!.getReader().read();
    else await visit.arrived.promise;
    controller.abort();
    await response.catch(() => {});
    visit.left.resolve();
    await visit.cancelled.promise;
    this.#visits.delete(path);
  }

  #url(path: string): string {
    return `http://127.0.0.1:${this.#server.addr.port}${path}`;
  }

  async #handle(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const kind = search.slice(1) as Staying | "";
    const visit = this.#visits.get(pathname);
    note(this.#tally, user.get(), undefined);
    const own = kind === "anonymous" ? undefined : new Payload(this.#tally);
    if (kind === "helper") await setUser(own);
    else if (own !== undefined) user.set(own);
    await new Promise((resolve) => setTimeout(resolve, 1));
    note(this.#tally, user.get(), own);
    if (kind === "throws") throw new Error("asked for");
    if (kind === "outlives") this.#startOutliving(own);
    if (visit?.kind === "leaves") await this.#waitUntilLeft(visit, own);
    const streams = kind === "streams" || visit !== undefined;
    const body = streams ? this.#stream(own, visit) : `${own?.id ?? "anonymous"}\n`;
    return new Response(body, { headers: { "x-user": own?.id ?? "anonymous" } });
  }

  async #waitUntilLeft(visit: Visit, own: Payload | undefined): Promise<void> {
    visit.arrived.resolve();
    await visit.left.promise;
    note(this.#tally, user.get(), own);
  }

  /** Streams the id of the current user, read anew for each chunk; without an end to a visit. */
  #stream(own: Payload | undefined, visit: Visit | undefined): ReadableStream<Uint8Array> {
    let left = visit === undefined ? CHUNKS : Infinity;
    return new ReadableStream({
      pull: async (controller) => {
        note(this.#tally, user.get(), own);
        if (visit !== undefined) await new Promise((resolve) => setTimeout(resolve, 1));
        await Promise.resolve();
        note(this.#tally, user.get(), own);
        controller.enqueue(new TextEncoder().encode(`${user.get()?.id}\n`));
        if (--left === 0) controller.close();
      },
      // Bound: Deno 2.9.6 calls it in no task's context, most of the time.
      cancel: copyContext().bind(() => {
        note(this.#tally, user.get(), own);
        if (visit === undefined) return;
        this.#tally.cancelled[visit.kind]++;
        visit.cancelled.resolve();
      }),
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
