/**
 * `./servers`, on each runtime that serves. The import holds for the whole program: on each runtime
 * this file is a program of its own.
 */

import "@contextvars/contextvars/servers";
import { assertEquals, assertThrows } from "@std/assert";
import type { EventEmitter } from "node:events";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";
import {
  ContextVar,
  copyContext,
  createTask,
  currentContext,
  RuntimeError,
} from "@contextvars/contextvars";
import { collectGarbage } from "./collect_garbage.ts";
import { deferred, inTask, outsideTasks } from "./harness.ts";
import {
  answer,
  answerWeb,
  APART,
  countAnswers,
  countHttp,
  fetching,
  nameAfterSetting,
  nameIn,
  serving,
  user,
} from "./servers/answers.ts";
import { cert, key } from "./servers/certificate.ts";

/** What serves web requests here: Deno or Bun, by one name. Node.js has nothing of the kind. */
// deno-lint-ignore no-explicit-any -- the other runtime has no types here
const { Bun, Deno: deno } = globalThis as any;
const NEEDS_WEB = { ignore: !Bun && !deno?.serve };
const NEEDS_BUN = { ignore: !Bun };

/** Notes what listeners of some events see. */
function note(seen: string[], emitter: EventEmitter, ...events: string[]): void {
  for (const event of events) emitter.on(event, () => seen.push(`${event}: ${user.get()}`));
}

/** Sends lines to a port, and returns the socket. */
function send(port: number, ...lines: string[]): ReturnType<typeof connect> {
  const socket = connect(port, "127.0.0.1");
  socket.write([...lines, "", ""].join("\r\n"));
  return socket;
}

async function askHttp2(url: string): Promise<unknown> {
  const session = http2.connect(url, { ca: cert });
  try {
    return await countAnswers((name) => text(session.request({ ":path": `/${name}` })));
  } finally {
    session.close();
  }
}

outsideTasks("A request of node:http is a task of its own", async () => {
  assertEquals(await serving(http.createServer(answer), countHttp), APART);
});

inTask("A request starts with nothing set, whoever made the server", async () => {
  user.set("starter");
  assertEquals(await serving(http.createServer(answer), countHttp), APART);
});

outsideTasks("A request of node:https is a task of its own", async () => {
  const agent = new https.Agent({ ca: cert, maxSockets: 4 });
  const answers = await serving(
    https.createServer({ key, cert }, answer),
    (port) =>
      countAnswers(async (name) => {
        const [response] = await once(
          https.get(`https://127.0.0.1:${port}/${name}`, { agent }),
          "response",
        );
        return await text(response);
      }),
  );
  assertEquals(answers, APART);
});

outsideTasks("A request of node:http2 is a task of its own", async () => {
  const server = http2.createServer(answer);
  assertEquals(await serving(server, (port) => askHttp2(`http://127.0.0.1:${port}`)), APART);
});

outsideTasks("A stream of node:http2 is a task of its own", async () => {
  const server = http2.createServer();
  server.on("stream", (stream, headers) => answer({ url: headers[":path"] }, stream));
  assertEquals(await serving(server, (port) => askHttp2(`http://127.0.0.1:${port}`)), APART);
});

outsideTasks("A request of node:http2 with TLS is a task of its own", async () => {
  const server = http2.createSecureServer({ key, cert }, answer);
  assertEquals(await serving(server, (port) => askHttp2(`https://localhost:${port}`)), APART);
});

outsideTasks("Listeners on a request and its response run in the request's task", async () => {
  const seen: string[] = [];
  const server = http.createServer((request, response) => {
    note(seen, request, "data", "end");
    note(seen, response, "finish", "close");
    request.on("end", () => response.end());
    user.set("alice");
  });
  await serving(server, async (port) => {
    const body = { method: "POST", body: "x" };
    await (await fetch(`http://127.0.0.1:${port}/`, body)).text();
  });
  assertEquals(seen, ["data: alice", "end: alice", "finish: alice", "close: alice"]);
});

outsideTasks("Listeners run in the request's task where the client has left", async () => {
  const seen: string[] = [];
  const { promise: closed, resolve } = deferred();
  const server = http.createServer((_request, response) => {
    note(seen, response, "close");
    response.on("close", resolve);
    user.set("alice");
    client.destroy();
  });
  let client: ReturnType<typeof connect>;
  await serving(server, async (port) => {
    client = send(port, "GET / HTTP/1.1", "Host: localhost");
    await closed;
  });
  assertEquals(seen, ["close: alice"]);
});

outsideTasks("Callbacks of a response that waits for another's end run in its task", async () => {
  const seen: string[] = [];
  const { promise: called, resolve } = deferred();
  let endFirst = () => {};
  const server = http.createServer((request, response) => {
    user.set(request.url!);
    if (request.url === "/alice") return void (endFirst = () => response.end());
    response.write("x", () => seen.push(user.get()));
    response.end(() => {
      seen.push(user.get());
      resolve();
    });
    endFirst();
  });
  await serving(server, async (port) => {
    const host = "Host: localhost";
    const client = send(port, "GET /alice HTTP/1.1", host, "", "GET /bob HTTP/1.1", host);
    client.resume();
    await called;
    client.destroy();
  });
  assertEquals(seen, ["/bob", "/bob"]);
});

outsideTasks("No log of a request or response shows a value, and no copy has it", async () => {
  const server = http.createServer((request, response) => {
    user.set("s3cret");
    const copies = [request, response].map((it) => Object.getOwnPropertySymbols({ ...it }));
    const marks = copies.flat().filter(({ description }) => description?.includes("contextvars"));
    const text = inspect([request, response], { depth: 9 });
    response.end(JSON.stringify([text.includes("s3cret"), marks.length]));
  });
  const answer = await serving(server, (port) => fetching(`http://127.0.0.1:${port}/`)(""));
  assertEquals(answer, "[false,0]");
});

outsideTasks("A request that is frozen, or of which little is there, is emitted", () => {
  const server = http.createServer(() => {});
  const response = new http.ServerResponse({} as never);
  delete (response as { req?: unknown }).req;
  assertEquals(server.emit("request", Object.freeze({}) as never, response as never), true);
  assertEquals(response.emit("close"), false);
});

outsideTasks("Listeners on a request of node:http2 run in its task", async () => {
  const seen: string[] = [];
  const server = http2.createServer((request, response) => {
    note(seen, request, "end");
    note(seen, response, "finish");
    user.set("alice");
    request.resume().on("end", () => response.end());
  });
  await serving(server, async (port) => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    await text(session.request({ ":path": "/" }));
    session.close();
  });
  assertEquals(seen, ["end: alice", "finish: alice"]);
});

outsideTasks("A callback of setTimeout() of node:http2 runs in its request's task", async () => {
  const server = http2.createServer(({ url }, response) => {
    user.set(url);
    response.setTimeout(1, () => response.end(user.get()));
  });
  await serving(server, async (port) => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    const names = ["/alice", "/bob"];
    const answers = names.map((path) => text(session.request({ ":path": path })));
    assertEquals(await Promise.all(answers), names);
    session.close();
  });
});

outsideTasks("Listeners on the socket of an upgraded request run in its task", async () => {
  const seen: string[] = [];
  const { promise: closed, resolve } = deferred();
  const server = http.createServer();
  server.on("upgrade", (_request, socket) => {
    user.set("alice");
    note(seen, socket, "data", "close");
    socket.on("close", resolve);
    socket.on("data", () => socket.end());
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n",
    );
  });
  await serving(server, async (port) => {
    const upgrade = ["Host: localhost", "Connection: Upgrade", "Upgrade: echo"];
    const client = send(port, "GET / HTTP/1.1", ...upgrade);
    await once(client, "data");
    client.end("hello");
    await closed;
  });
  assertEquals(seen, ["data: alice", "close: alice"]);
});

outsideTasks("Nothing of a request stays alive while its connection waits", async () => {
  const values: WeakRef<object>[] = [];
  const value = new ContextVar<object>("value");
  const server = http.createServer((_request, response) => {
    value.set({});
    values.push(new WeakRef(value.get()));
    response.end();
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  await serving(server, async (port) => {
    const get = () => once(http.get({ port, host: "127.0.0.1", agent }), "response");
    await Promise.all([get(), get()].map(async (got) => (await got)[0].resume()));
    await collectGarbage();
    assertEquals(values.map((value) => value.deref()), [undefined, undefined]);
    agent.destroy();
  });
});

outsideTasks("What a server calls for an idle connection is outside all tasks", async () => {
  const server = http.createServer(answer);
  const error = new Promise((resolve) => {
    server.on("timeout", (socket) => {
      socket.destroy();
      resolve(assertThrows(() => user.set("idle"), RuntimeError, "outside a task"));
    });
  });
  server.keepAliveTimeout = 1; // Deno adds a second
  await serving(server, async (port) => {
    send(port, "GET /alice HTTP/1.1", "Host: localhost");
    await error;
  });
});

outsideTasks("An event that leads to another begins one task", async () => {
  const server = http.createServer((_request, response) => response.end(user.get()));
  server.on("checkContinue", (request, response) => {
    user.set("alice");
    response.writeContinue();
    server.emit("request", request, response);
  });
  const answer = await serving(server, async (port) => {
    const request = http.request({ port, host: "127.0.0.1", headers: { expect: "100-continue" } });
    const [response] = await once(request.end(), "response");
    return await text(response);
  });
  assertEquals(answer, "alice");
});

outsideTasks("A request's context is entered while its handler runs", async () => {
  const server = http.createServer((request, response) => {
    const context = currentContext();
    request.on("event", () => {});
    const error = assertThrows(() =>
      copyContext().run(() => {
        request.emit("event");
        context.run(() => {});
      }), RuntimeError);
    response.end(error.message.slice(0, 20));
  });
  const answer = await serving(server, (port) => fetching(`http://127.0.0.1:${port}/`)(""));
  assertEquals(answer, "cannot enter context");
});

outsideTasks("Events emit as before: this, arguments, results and errors", () => {
  const server = http.createServer();
  const seen: unknown[] = [];
  const record = function (this: unknown, ...args: unknown[]) {
    seen.push(this, ...args);
  };
  server.on("request", record).on("listening", record);
  const request = {};
  assertEquals(server.emit("request", request as never, null as never), true);
  assertEquals([server.emit("listening"), server.emit("drop")], [true, false]);
  assertEquals(seen, [server, request, null, server]);
  assertThrows(
    () => new http.IncomingMessage(null as never).emit("error", new URIError()),
    URIError,
  );
});

outsideTasks("The steps of ReadableStream.from() run in its maker's task", async () => {
  async function* names() {
    try {
      yield user.get();
      yield user.get();
    } finally {
      ended.resolve(user.get());
    }
  }
  const ended = deferred<string>();
  const reader = createTask(() => {
    user.set("alice");
    return { reader: ReadableStream.from(names()).getReader() };
  });
  const { reader: alice } = await reader;
  assertEquals((await alice.read()).value, "alice");
  await alice.cancel();
  assertEquals(await ended.promise, "alice");
});

inTask("ReadableStream.from() takes and refuses what it did, and reads return() late", async () => {
  const from = (source: unknown) => ReadableStream.from(source as Iterable<unknown>);
  assertThrows(() => from({ [Symbol.asyncIterator]: 5, *[Symbol.iterator]() {} }), TypeError);
  assertThrows(() => from({ [Symbol.iterator]: () => 5 }), TypeError);
  const steps: AsyncIterator<unknown> = { next: () => Promise.resolve({ value: 1 }) };
  const stream = from({ [Symbol.asyncIterator]: () => steps });
  const returned = deferred();
  steps.return = () => Promise.resolve({ done: true, value: returned.resolve() });
  await stream.cancel();
  await returned.promise;
});

type Handler = (request: Request) => Response | Promise<Response>;

/** Serves web requests while `use` runs; a handler's error goes to `onError`. */
async function servingWeb<T>(
  handler: Handler,
  use: (get: (name: string) => Promise<string>) => Promise<T>,
  onError?: Handler,
): Promise<T> {
  const options = { hostname: "127.0.0.1", port: 0 };
  const server = Bun?.serve({ ...options, fetch: handler, error: onError }) ??
    deno.serve({ ...options, onListen() {}, onError }, handler);
  try {
    return await use(fetching(`http://127.0.0.1:${server.port ?? server.addr.port}/`));
  } finally {
    await (server.stop ?? server.shutdown).call(server);
  }
}

outsideTasks("A web request is a task of its own", NEEDS_WEB, async () => {
  assertEquals(await servingWeb(answerWeb, countAnswers), APART);
});

outsideTasks("The handler of errors runs in the failed request's task", NEEDS_WEB, async () => {
  const handler = async (request: Request) => {
    const name = await nameAfterSetting(nameIn(request));
    throw new Error(name);
  };
  const onError = () => new Response(user.get());
  assertEquals(await servingWeb(handler, countAnswers, onError), APART);
});

outsideTasks("An error that two requests throw leads to neither's values", NEEDS_WEB, async () => {
  const both = deferred();
  const sameError = new Error();
  let arrived = 0;
  const handler = async (request: Request) => {
    user.set(nameIn(request));
    if (++arrived === 2) both.resolve();
    await both.promise;
    throw sameError;
  };
  const onError = () => new Response(user.get());
  const ask = (get: (name: string) => Promise<string>) => Promise.all([get("alice"), get("bob")]);
  assertEquals(await servingWeb(handler, ask, onError), ["anonymous", "anonymous"]);
});

outsideTasks("Options of a class keep its private members", NEEDS_WEB, async () => {
  class Options {
    #port = 0;
    get port() {
      return this.#port;
    }
    onError = () => new Response(user.get());
    error = this.onError;
    handler(request: Request): Response {
      user.set(nameIn(request));
      throw new Error();
    }
    fetch = this.handler;
    onListen() {}
  }
  const server = (Bun ?? deno).serve(new Options());
  const get = fetching(`http://127.0.0.1:${server.port ?? server.addr.port}/`);
  assertEquals(await get("alice"), "alice");
  await (server.stop ?? server.shutdown).call(server);
});

outsideTasks("A route of Bun.serve is a task, also after a reload", NEEDS_BUN, async () => {
  const routes = {
    "/static": new Response("static"),
    "/": answerWeb,
    "/:name": Object.assign(Object.create(null), { GET: answerWeb }),
  };
  const server = Bun.serve({ port: 0, routes });
  const get = fetching(server.url.href);
  assertEquals([await countAnswers(get), await get("static")], [APART, "static"]);
  server.reload({ routes: { "/:name": answerWeb, "/": answerWeb } });
  assertEquals(await countAnswers(get), APART);
  await server.stop();
});

/** Upgrades a request that names a user, and answers each message with the user. */
function echo(request: Request, server: { upgrade(request: Request): boolean }): Response | void {
  user.set(nameIn(request));
  if (Bun) return void server.upgrade(request);
  const { socket, response } = deno.upgradeWebSocket(request);
  socket.onmessage = () => socket.send(user.get());
  return response;
}

async function ask(url: string): Promise<string> {
  const socket = new WebSocket(url);
  await new Promise((resolve) => socket.onopen = resolve);
  const answer = new Promise<string>((resolve) => socket.onmessage = ({ data }) => resolve(data));
  socket.send("who am I?");
  try {
    return await answer;
  } finally {
    socket.close();
  }
}

outsideTasks("Bun.serve still refuses routes that are none", NEEDS_BUN, () => {
  assertThrows(() => Bun.serve({ port: 0, routes: 5, fetch: answerWeb }), TypeError);
});

outsideTasks("A web socket's messages come in the task of its request", NEEDS_WEB, async () => {
  class Chat {
    message(socket: WebSocket): void {
      socket.send(user.get());
    }
  }
  const server = Bun?.serve({ port: 0, fetch: echo, websocket: new Chat() }) ??
    deno.serve({ port: 0, onListen() {} }, echo);
  const url = `ws://127.0.0.1:${server.port ?? server.addr.port}`;
  const answers = await Promise.all([ask(`${url}/alice`), ask(`${url}/bob`)]);
  await (server.stop ?? server.shutdown).call(server);
  assertEquals(answers, ["alice", "bob"]);
});

outsideTasks("Strict mode is on", () => {
  const advice = "bind a handler that no server calls, such as a job's, with new Context().bind(";
  assertThrows(() => user.set("alice"), RuntimeError, advice);
});
