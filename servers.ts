/**
 * Every request is a task: import this module first, and no handler has to be bound.
 *
 * From then on each request that `node:http`, `node:https`, `node:http2`, `Deno.serve`,
 * `deno serve` and `Bun.serve` hand to a handler is a task in a new, **empty** context; so is each
 * run of `Deno.cron` and each message of a `Deno.Kv` queue. What all requests need is a variable's
 * default: a value that was set at start-up is not there.
 *
 * All listeners on a request and its response run in the request's task, whoever emits the event,
 * and even if the client has left. After an upgrade so do those on the socket. `Deno.serve`'s
 * `onError` and Bun's `error` run there too, and so does a generator behind `ReadableStream.from`.
 *
 * Strict mode is on as well: in a server, a `set` outside tasks is a mistake. Import it in the first
 * line of a server, or load it before the program:
 *
 * ```sh
 * deno run --preload @contextvars/contextvars/servers main.ts
 * node --import @contextvars/contextvars/servers main.js
 * bun --preload @contextvars/contextvars/servers main.ts
 * ```
 *
 * The name is that of deno.json, with its version. `deno test` does not look there: write
 * `--preload=jsr:@contextvars/contextvars@0.1/servers`. `deno serve` ignores `--preload`.
 *
 * Each worker thread imports it for itself. Elsewhere what comes from outside is bound by hand, with
 * `new Context().bind(handler)`: Cloudflare Workers, AWS Lambda, consumers of queues and topics,
 * other schedulers. docs/frameworks.md has them all, and what stays lost.
 *
 * @example Serve requests, each in a context of its own
 * ```ts
 * import "@contextvars/contextvars/servers";
 * import { assertEquals } from "@std/assert";
 * import { ContextVar } from "@contextvars/contextvars";
 *
 * const user = new ContextVar("user", { default: "anonymous" });
 *
 * await using server = Deno.serve({ port: 0, onListen() {} }, (request) => {
 *   const name = new URL(request.url).searchParams.get("user");
 *   if (name !== null) user.set(name);
 *   return new Response(user.get());
 * });
 *
 * const ask = async (query: string) =>
 *   await (await fetch(`http://127.0.0.1:${server.addr.port}/${query}`)).text();
 * assertEquals(await ask("?user=alice"), "alice");
 * assertEquals(await ask(""), "anonymous");
 * ```
 *
 * @module
 */

// What is replaced here are parts of the runtimes, which give no types for it.
// deno-lint-ignore-file no-explicit-any

import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { callIn, currentFrame, forbidSettingOutside, Frame } from "./internal/core.ts";
import { once } from "./internal/shared.ts";

export type { RuntimeError } from "./errors.ts"; // without an export, its types are not a module

type AnyFunction = (this: any, ...args: any[]) => any;

/** Keeps a request's frame on its objects: a `WeakMap` would cost as much as all the rest. */
const FRAME = Symbol("contextvars.frame");

const { Bun, Deno, ReadableStream } = globalThis as any;
const { IncomingMessage, ServerResponse } = http;

const isFunction = (value: unknown): value is AnyFunction => typeof value === "function";
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

/** Gives a function the name of another and its length, at which `Deno.serve` looks. */
function alike({ name, length }: AnyFunction, fn: AnyFunction): AnyFunction {
  return Object.defineProperties(fn, { name: { value: name }, length: { value: length } });
}

/** Puts another function in the place of an object's, if that is there. */
function replace(object: any, name: string, make: (original: AnyFunction) => AnyFunction): void {
  const original = object?.[name];
  if (!isFunction(original)) return;
  const value = alike(original, make(original));
  // `Deno.cron` has only a getter, and `Bun.serve` cannot be defined anew.
  if (!Reflect.set(object, name, value)) Object.defineProperty(object, name, { value });
}

/** Copies an object of any class, with other values for some properties. */
function withChanges(object: any, changes: object): any {
  const { getOwnPropertyDescriptors: describe, getPrototypeOf } = Object;
  return Object.create(getPrototypeOf(object), { ...describe(object), ...describe(changes) });
}

function mapValues(object: object, change: (value: any) => unknown): any {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/**
 * Returns what makes handlers run as tasks, and what stands for the server's handler of errors: the
 * server calls that outside all tasks. An error tells whose it is.
 */
function tasks(onError?: unknown): { bind: (handler: unknown) => any; onError: unknown } {
  const failed = new WeakMap<object, Frame>();
  const bind = (handler: unknown) =>
    !isFunction(handler) ? handler : alike(handler, function (...args) {
      const frame = new Frame();
      if (!isFunction(onError)) return callIn(frame, handler, this, args);
      const fail = (error: any): never => {
        // Where two requests fail with one object, neither must get the other's values.
        if (isObject(error)) failed.set(error, failed.has(error) ? new Frame() : frame);
        throw error;
      };
      try {
        const result = callIn(frame, handler, this, args);
        return result instanceof Promise ? result.catch(fail) : result;
      } catch (error) {
        return fail(error);
      }
    });
  const handle = function (this: unknown, error: any, ...args: unknown[]) {
    const frame = failed.get(error) ?? new Frame();
    failed.delete(error);
    return callIn(frame, onError as AnyFunction, this, [error, ...args]);
  };
  return { bind, onError: isFunction(onError) ? alike(onError, handle) : onError };
}

// node:http, node:https, node:http2: a listener runs in the context of whoever emits the event.

/** By event that begins a request: which argument is a socket or stream that is its own; or -1. */
const BEGINNINGS = new Map(Object.entries(
  { request: -1, checkContinue: -1, checkExpectation: -1, upgrade: 1, connect: 1, stream: 0 },
));

function serveInTasks(server: object): void {
  replace(server, "emit", (emit) =>
    function (event, request, other) {
      const place = BEGINNINGS.get(event);
      if (place === undefined || !isObject(request)) return Reflect.apply(emit, this, arguments);
      // `stream` and `checkContinue` lead to `request`: that is the same task.
      const frame: Frame = request[FRAME] ?? request.stream?.[FRAME] ?? new Frame();
      request[FRAME] = frame;
      if (place !== 0 && isObject(other)) other[FRAME] = frame;
      if (place >= 0) listenInTask(arguments[place + 1]);
      return callIn(frame, emit, this, arguments);
    });
}

/**
 * Makes an emitter's listeners run in the frame of the request that it belongs to. Most events have
 * none. `arguments` is a third cheaper here than a rest parameter, at a dozen events a request.
 */
function listenInTask(emitter: object): void {
  replace(emitter, "emit", (emit) =>
    function (event) {
      const frame: Frame | undefined = this[FRAME];
      if (event === "close" && this instanceof ServerResponse) letGo(this.req.socket);
      return frame === undefined || this._events?.[event] === undefined
        ? Reflect.apply(emit, this, arguments)
        : callIn(frame, emit, this, arguments);
    });
}

/** While a socket waits for another request, its timer keeps the frame of what started it. */
function letGo(socket: any): void {
  const timeout = socket?.timeout;
  // Bun, told the same time again, would go on with the timer that it has.
  const restart = () => socket.setTimeout(0).setTimeout(timeout);
  if (timeout > 0) callIn(new Frame(), restart, undefined, []);
}

// Deno and Bun call a handler in the ambient context, in which an unbound one leaves what it sets.

function serveOfDeno(serve: AnyFunction): AnyFunction {
  return (first, second) => {
    const handler = [first, second, first?.handler].find(isFunction);
    const options = isFunction(first) ? {} : first;
    const { bind, onError } = tasks(options?.onError);
    // The handler beside the options as they are: `deno serve` has hidden ones.
    return serve(onError ? withChanges(options, { onError }) : options, bind(handler));
  };
}

/** For `Deno.cron` and a queue's `listenQueue`. */
function bindArguments(original: AnyFunction): AnyFunction {
  const { bind } = tasks();
  return function (...args) {
    return Reflect.apply(original, this, args.map(bind));
  };
}

function serveOfBun(serve: AnyFunction): AnyFunction {
  return (options) => {
    const server = serve(bindOptions(options));
    replace(server, "reload", (reload) => (options) => reload.call(server, bindOptions(options)));
    return server;
  };
}

function bindOptions(options: any): any {
  if (!isObject(options)) return options;
  const { fetch, routes, error, websocket } = options;
  const { bind, onError } = tasks(error);
  const bindRoute = (it: any) => it?.constructor === Object ? mapValues(it, bind) : bind(it);
  return withChanges(options, {
    ...fetch && { fetch: bind(fetch) },
    ...routes && { routes: mapValues(routes, bindRoute) },
    ...error && { error: onError },
    ...websocket && { websocket: bindSockets(websocket) },
  });
}

/** Makes a socket's handlers run in the task of the request that was upgraded. */
function bindSockets(handlers: object): any {
  const frames = new WeakMap<object, Frame>();
  const bind = (handler: unknown) =>
    !isFunction(handler) ? handler : alike(handler, function (socket, ...args) {
      const current = currentFrame(); // the request's, in `open`: `server.upgrade` calls that
      const frame = frames.get(socket) ?? (current.outside === undefined ? current : new Frame());
      frames.set(socket, frame);
      return callIn(frame, handler, this, [socket, ...args]);
    });
  return mapValues({ open() {}, ...handlers }, bind);
}

/** Servers read a body outside all tasks: what makes it goes on in the task that made the stream. */
function fromOf(from: AnyFunction): AnyFunction {
  return function (source) {
    const key = [Symbol.asyncIterator, Symbol.iterator].find((key) => isFunction(source?.[key]));
    const frame = currentFrame();
    const isOther = key === undefined || !isObject(source) || source instanceof ReadableStream;
    if (isOther || frame.outside !== undefined) return from.call(this, source);
    const begin = () => {
      const iterator = source[key]();
      const step = (name: string) =>
        iterator[name] && ((...args: unknown[]) => callIn(frame, iterator[name], iterator, args));
      return { next: step("next"), return: step("return"), throw: step("throw") };
    };
    return from.call(this, { [key]: begin });
  };
}

once("servers", () => {
  forbidSettingOutside(true);
  const { Http2ServerRequest: Request, Http2ServerResponse: Response } = http2;
  [IncomingMessage, ServerResponse, Request, Response].forEach((it) => listenInTask(it.prototype));
  const servers = new Set<object>([http.Server.prototype, https.Server.prototype]);
  for (const make of [http2.createServer, http2.createSecureServer]) { // their classes are hidden
    try {
      servers.add(Object.getPrototypeOf(make()));
    } catch { // the runtime has no such server
    }
  }
  servers.forEach(serveInTasks);
  replace(Deno, "serve", serveOfDeno);
  replace(Deno, "cron", bindArguments);
  replace(Deno?.Kv?.prototype, "listenQueue", bindArguments);
  replace(Bun, "serve", serveOfBun);
  replace(ReadableStream, "from", fromOf);
});
