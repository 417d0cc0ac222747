/** Ways by which a value reaches code to which nobody handed it on. */

// deno-lint-ignore-file contextvars/outside-task -- on purpose

import type { AddressInfo, Server } from "node:net";
import { Context, type ContextVar } from "@contextvars/contextvars";
import { load } from "./attempt.ts";
import { deferred } from "../../tests/deferred.ts";
import { askTwice, bunServe, denoServe } from "./cases/http.ts";
import { importNew } from "./cases/modules.ts";

const http = await load(import("node:http"));
const net = await load(import("node:net"));
const process = await load(import("node:process"));
const vm = await load(import("node:vm"));

/** Runs outside any task, sets the mark somewhere, and returns whether it is seen elsewhere. */
export type Leak = (mark: ContextVar<boolean>) => Promise<boolean>;

export const leaks: Readonly<Record<string, Leak>> = {
  async "set outside any task in a tick of setInterval reaches the next tick"(mark) {
    mark.set(false); // throws where nothing can be set outside tasks
    const { promise, resolve } = deferred<boolean>();
    let ticks = 0;
    const timer = setInterval(() => {
      if (++ticks === 1) mark.set(true);
      else resolve(mark.get());
    }, 1);
    return await promise.finally(() => clearInterval(timer));
  },
  async "set in an unbound handler of Deno.serve reaches the next request"(mark) {
    const server = denoServe(() => new Response(sawThenSets(mark)));
    const reached = await askTwice(server.addr.port);
    await server.shutdown();
    return reached;
  },
  async "set in an unbound handler of Bun.serve reaches the next request"(mark) {
    return await reachesNextOnBun(mark);
  },
  async "set in an unbound handler of Bun.serve in a task reaches the next request"(mark) {
    return await new Context().run(() => reachesNextOnBun(mark));
  },
  async "set in an unbound handler of node:http reaches the connection's next request"(mark) {
    return await reachesNextOnNode(mark);
  },
  async "set in an unbound handler of node:http in a task reaches the next request"(mark) {
    return await new Context().run(() => reachesNextOnNode(mark));
  },
  async "dynamic import() in a task reaches an unbound handler of Deno.serve"(mark) {
    const server = denoServe(() => new Response(`${mark.get()}`));
    await mark.run(true, () => importNew());
    const reached = await askTwice(server.addr.port);
    await importNew(); // outside any task: this ends it
    await server.shutdown();
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
  // Last, since nothing ends them.
  "an error in process.nextTick that a listener survives carries its context on": (mark) =>
    reachesSocket(mark, () => process.default.nextTick(fail)),
  "an error in an EventTarget's listener that a listener survives carries its context on": (mark) =>
    reachesSocket(mark, () => {
      const target = new EventTarget();
      target.addEventListener("event", fail);
      target.dispatchEvent(new Event("event"));
    }),
};

function fail(): never {
  throw new Error("expected");
}

/** Has an error thrown in a task, and tells whether a socket of none sees the task's mark. */
async function reachesSocket(mark: ContextVar<boolean>, throwLater: () => void): Promise<boolean> {
  const { promise: caught, resolve } = deferred<unknown>();
  process.default.once("uncaughtException", resolve);
  const { promise: data, resolve: see } = deferred<boolean>();
  const server = net.createServer((socket) => {
    socket.on("error", () => {}).on("data", () => see(mark.get()));
  });
  const client = net.connect(await listen(server), "127.0.0.1").on("error", () => {});
  mark.run(true, throwLater);
  await caught;
  client.write("data");
  const reached = await data;
  client.destroy();
  server.close();
  return reached;
}

async function reachesNextOnBun(mark: ContextVar<boolean>): Promise<boolean> {
  const server = bunServe(() => new Response(sawThenSets(mark)));
  const reached = await askTwice(server.port);
  server.stop();
  return reached;
}

async function reachesNextOnNode(mark: ContextVar<boolean>): Promise<boolean> {
  const server = http.createServer((_request, response) => response.end(sawThenSets(mark)));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const port = await listen(server);
  const ask = () =>
    new Promise<string>((resolve, reject) => {
      const client = http.get({ port, agent }, (response) => {
        response.setEncoding("utf8").once("data", resolve);
      });
      client.on("error", reject);
    });
  if (await ask() !== "false") throw new Error("another server answers");
  const reached = await ask() === "true";
  agent.destroy();
  server.close();
  return reached;
}

/** Says whether the mark is there already, and sets it. */
function sawThenSets(mark: ContextVar<boolean>): string {
  const seen = mark.get();
  mark.set(true);
  return `${seen}`;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
