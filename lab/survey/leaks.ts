/** Ways by which a value reaches code to which nobody handed it on. */

import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import process from "node:process";
import { text } from "node:stream/consumers";
import vm from "node:vm";
import { Context, type ContextVar } from "@contextvars/contextvars";
import { deferred } from "../../tests/deferred.ts";
import { importNew } from "./cases/language.ts";
import { bunServe, denoServe, get, listening, type Owner, portOf, urlOf } from "./servers.ts";

type Mark = ContextVar<boolean>;

/** Runs outside any task, sets the mark somewhere, and returns whether it is seen elsewhere. */
type Leak = (mark: Mark, owner: Owner) => Promise<boolean>;

export const leaks: Readonly<Record<string, Leak>> = {
  async "set outside any task in a tick of setInterval reaches the next tick"(mark, { closing }) {
    mark.set(false); // throws where nothing can be set outside tasks
    const { promise, resolve } = deferred<boolean>();
    let ticks = 0;
    const timer = setInterval(() => {
      if (++ticks === 1) mark.set(true);
      else resolve(mark.get());
    }, 1);
    closing(() => clearInterval(timer));
    return await promise;
  },
  "set in an unbound handler of Deno.serve reaches the next request": (mark, owner) =>
    reachesNext(denoServe(owner, () => new Response(sawThenSets(mark)))),
  "set in an unbound handler of Bun.serve reaches the next request": reachesNextOnBun,
  "set in an unbound handler of Bun.serve in a task reaches the next request": (...its) =>
    new Context().run(reachesNextOnBun, ...its),
  "set in an unbound handler of node:http reaches the connection's next request": reachesNextOnNode,
  "set in an unbound handler of node:http in a task reaches the next request": (...its) =>
    new Context().run(reachesNextOnNode, ...its),
  async "dynamic import() in a task reaches an unbound handler of Deno.serve"(mark, owner) {
    const url = denoServe(owner, () => new Response(`${mark.get()}`));
    await mark.run(true, () => importNew());
    const reached = await get(url) === "true";
    await importNew(); // outside any task, which ends it
    return reached;
  },
  async "code that a node:vm timeout ends in a task carries its context on"(mark) {
    return await new Context().run(() => {
      const loop = () =>
        mark.run(true, () => {
          while (true);
        });
      try {
        return vm.runInNewContext("loop()", { loop }, { timeout: 200 });
      } catch (error) {
        if ((error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return mark.get();
        throw error;
      }
    });
  },
  // Last, since nothing ends it. A socket of no task shows whether it sees the mark.
  async "an error in process.nextTick that a listener survives carries its context on"(
    mark,
    owner,
  ) {
    const { promise: reached, resolve } = deferred<boolean>();
    const server = net.createServer((it) => void it.on("data", () => resolve(mark.get())));
    const port = portOf(await listening(owner, server));
    const client = owner.closing(net.connect(port, "127.0.0.1"));
    const caught = once(process, "uncaughtException");
    mark.run(true, () => process.nextTick(fail));
    await caught;
    client.write("data");
    return await reached;
  },
};

function reachesNextOnBun(mark: Mark, owner: Owner): Promise<boolean> {
  return reachesNext(bunServe(owner, () => new Response(sawThenSets(mark))));
}

async function reachesNextOnNode(mark: Mark, owner: Owner): Promise<boolean> {
  const handler = (_request: unknown, response: http.ServerResponse) =>
    response.end(sawThenSets(mark));
  const server = await listening(owner, http.createServer(handler));
  const agent = owner.closing(new http.Agent({ keepAlive: true, maxSockets: 1 }));
  return await reachesNext(urlOf(server), async (url) => {
    const [response] = await once(http.get(url, { agent }), "response");
    return await text(response);
  });
}

function fail(): never {
  throw new Error("expected");
}

/** Says whether the mark is there already, and sets it. */
function sawThenSets(mark: Mark): string {
  const seen = mark.get();
  mark.set(true);
  return `${seen}`;
}

/** Sends two requests, and tells whether the second one saw what the first one set. */
async function reachesNext(url: string, ask = get): Promise<boolean> {
  if (await ask(url) !== "false") throw new Error("another server answers");
  return await ask(url) === "true";
}
