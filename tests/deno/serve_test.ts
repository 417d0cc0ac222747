/** A server whose handler is bound, under load. */

import { assertEquals } from "@std/assert";
import { Context, ContextVar, copyContext, createTask } from "@contextvars/contextvars";
import { inTask, outsideTasks } from "../harness.ts";

const user = new ContextVar("user", { default: "anonymous" });
const notes = new ContextVar("notes", { defaultFactory: (): string[] => [] });

/** How many requests wait for each other before any goes on, so that all are under way at once. */
const TOGETHER = 200;

/** Lets all go on as soon as so many wait. */
class Barrier {
  #waiting = 0;
  #open = Promise.withResolvers<void>();

  async wait(): Promise<void> {
    const { promise, resolve } = this.#open;
    if (++this.#waiting === TOGETHER) {
      this.#waiting = 0;
      this.#open = Promise.withResolvers();
      resolve();
    }
    await promise;
  }
}

const arrived = new Barrier();
const hasSet = new Barrier();

/** A request names the user that it sets, if it sets one, and how it ends. */
async function handler(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const name = searchParams.get("user");
  const seen = [user.get()];
  const token = name === null ? undefined : user.set(name);
  await arrived.wait();
  seen.push(user.get());
  await logIn(searchParams.get("then"));
  await hasSet.wait();
  notes.get().push(user.get());
  seen.push(user.get(), ...notes.get());
  if (searchParams.has("throws")) throw new Error(seen.join());
  if (token !== undefined && searchParams.has("resets")) user.reset(token);
  return new Response([...seen, user.get()].join());
}

/** Sets the user for its awaiter, after an await of its own. */
async function logIn(name: string | null): Promise<void> {
  await Promise.resolve();
  if (name !== null) user.set(name);
}

/** The requests of one kind in turn, and what each must see. */
const kinds: ((id: string) => { query: string; expected: string })[] = [
  () => ({ query: "", expected: "anonymous,anonymous,anonymous,anonymous,anonymous" }),
  (id) => ({
    query: `user=${id}&resets`,
    expected: `anonymous,${id},${id},${id},anonymous`,
  }),
  (id) => ({ query: `user=${id}`, expected: `anonymous,${id},${id},${id},${id}` }),
  (id) => ({
    query: `user=${id}&then=${id}-2`,
    expected: `anonymous,${id},${id}-2,${id}-2,${id}-2`,
  }),
  (id) => ({ query: `user=${id}&throws`, expected: `error: anonymous,${id},${id},${id}` }),
  () => ({ query: "throws", expected: "error: anonymous,anonymous,anonymous,anonymous" }),
];

/** Serves with a handler for the time of `body`, which gets a function that asks it. */
async function serving(
  handler: Deno.ServeHandler,
  body: (get: (query: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  const onError = (error: unknown) => new Response(`error: ${(error as Error).message}`);
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {}, onError }, handler);
  try {
    await body(async (query) => {
      const response = await fetch(`http://127.0.0.1:${server.addr.port}/?${query}`);
      return await response.text();
    });
  } finally {
    await server.shutdown();
  }
}

/** Sends rounds of requests of all kinds over connections that are kept alive. */
async function load(get: (query: string) => Promise<string>): Promise<void> {
  for (const round of ["a", "b", "c"]) {
    const requests = Array.from(
      { length: TOGETHER },
      (_, i) => kinds[i % kinds.length]!(round + i),
    );
    const seen = await Promise.all(requests.map(({ query }) => get(query)));
    assertEquals(seen, requests.map(({ expected }) => expected));
  }
}

outsideTasks(
  "Context.bind() keeps each of hundreds of concurrent requests to its own values",
  () => serving(copyContext().bind(handler), load),
);

inTask("Context.bind() keeps the requests apart on a server that a task has made", async () => {
  const tenant = new ContextVar("tenant", { default: "none" });
  tenant.set("acme");
  const bound = copyContext().bind((request: Request) => {
    const seen = tenant.get();
    tenant.set(request.url);
    return new Response(seen);
  });
  await serving(bound, async (get) => {
    assertEquals([await get("a"), await get("b")], ["acme", "acme"]);
  });
});

outsideTasks(
  "Context.run() in a new context for each request keeps requests apart",
  () => serving((request) => new Context().run(handler, request), load),
);

inTask("Context.bind() keeps a request's context through a response that streams", async () => {
  const bound = copyContext().bind((request: Request) => {
    user.set(new URL(request.url).searchParams.get("user")!);
    let left = 3;
    const body = new ReadableStream<string>({
      pull(controller) {
        controller.enqueue(`${user.get()} `);
        if (--left === 0) controller.close();
      },
    });
    return new Response(body.pipeThrough(new TextEncoderStream()));
  });
  await serving(bound, async (get) => {
    const bodies = await Promise.all([get("user=alice"), get("user=bob")]);
    assertEquals(bodies, ["alice alice alice ", "bob bob bob "]);
  });
});

inTask("Context.bind() lets tasks that outlive their request keep its values", async () => {
  const later: Promise<string>[] = [];
  const { promise: served, resolve } = Promise.withResolvers<void>();
  const bound = copyContext().bind((request: Request) => {
    user.set(new URL(request.url).searchParams.get("user")!);
    later.push(createTask(() => served.then(() => user.get())));
    return new Response();
  });
  await serving(bound, async (get) => {
    await get("user=alice");
    await get("user=bob");
  });
  resolve();
  assertEquals(await Promise.all(later), ["alice", "bob"]);
});
