/**
 * Every request is a task: import this module first, and bind no handler of a request.
 *
 * From then on each request that `node:http`, `node:https`, `node:http2`, `Deno.serve`,
 * `deno serve` and `Bun.serve` hand to a handler is a task in a new, **empty** context; so is each
 * run of `Deno.cron` and each message of a `Deno.Kv` queue. What all requests need is a variable's
 * default: a value that was set at start-up is not there.
 *
 * All listeners on a request and its response run in the request's task, whoever emits the event,
 * and even if the client has left. A callback of `write`, `end` or `setTimeout` runs in the task
 * that passes it. After an upgrade all that holds for the socket too. `Deno.serve`'s `onError` and
 * Bun's `error` run in the request's task, and so does a generator behind `ReadableStream.from`.
 *
 * Strict mode is on as well: in a server, a `set` outside tasks is a mistake. Import it in the
 * first line of a server, or load it before the program:
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
 * Each worker thread imports it for itself. Elsewhere what comes from outside is bound by hand,
 * with `new Context().bind(handler)`: Cloudflare Workers, AWS Lambda, consumers of queues and
 * topics, other schedulers. docs/frameworks.md has them all, and what stays lost.
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

import * as hooks from "node:async_hooks";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { beStrict, callIn, currentFrame, Frame, frameStorage } from "./internal/core.ts";
import { once } from "./internal/shared.ts";

export type { RuntimeError } from "./errors.ts"; // without an export, its types are not a module

type AnyFunction = (this: any, ...args: any[]) => any;

/**
 * Keeps a request's frame on its objects: a `WeakMap` would cost as much as all the rest. It is not
 * enumerable, so no log shows it and no copy has it.
 */
const FRAME = Symbol("contextvars.frame");

/** Leads from what is replaced to what was there, in all realms: they share `node:http`. */
const ORIGINAL = Symbol.for("@contextvars/contextvars/servers");

const { Bun, Deno, ReadableStream } = globalThis as any;
const { IncomingMessage, ServerResponse } = http;

const isFunction = (value: unknown): value is AnyFunction => typeof value === "function";
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

/** Gives a function the name of another and its length, at which `Deno.serve` looks. */
function alike({ name, length }: AnyFunction, fn: AnyFunction): AnyFunction {
  return Object.defineProperties(fn, { name: { value: name }, length: { value: length } });
}

/** Makes a function run in a frame; anything else is returned as it is. */
function runIn(frameFor: (...args: any[]) => Frame, fn: any, self?: unknown): any {
  return !isFunction(fn) ? fn : alike(fn, function (...args) {
    return callIn(frameFor(...args), fn, self ?? this, args);
  });
}

/**
 * Puts another function in the place of an object's, if that is there and can be replaced. Where
 * another realm has done so, the newest one serves: a test runner makes a realm for each file.
 */
function replace(object: any, name: string, make: (original: AnyFunction) => AnyFunction): void {
  const original = object?.[name]?.[ORIGINAL] ?? object?.[name];
  if (!isFunction(original)) return;
  const value = alike(original, make(original));
  Object.defineProperty(value, ORIGINAL, { value: original });
  // `Deno.cron` has only a getter, and `Bun.serve` cannot be defined anew.
  const property = { value, configurable: true, writable: true };
  if (!Reflect.defineProperty(object, name, property)) Reflect.set(object, name, value);
}

/** Shows an object of any class with other values. Its private members want itself as `this`. */
function view(object: any, change: (value: any, key: PropertyKey) => unknown): any {
  if (!isObject(object)) return object;
  const own = Object.entries(object).map(([key, value]) => [key, change(value, key)]);
  const target = { __proto__: object, ...Object.fromEntries(own) };
  return new Proxy(target, { get: (_, key) => change(object[key], key) });
}

/**
 * Returns what makes handlers run as tasks, and what stands for the server's handler of errors: the
 * server calls that outside all tasks. An error tells whose it is.
 */
function tasks(onError?: unknown): { bind: (handler: unknown) => any; onError: unknown } {
  const failed = new WeakMap<object, Frame>();
  const fail = (frame: Frame, error: any): never => {
    // Where two requests fail with one object, neither must get the other's values.
    if (isObject(error)) failed.set(error, failed.has(error) ? new Frame() : frame);
    throw error;
  };
  const bind = (handler: unknown) =>
    !isFunction(handler) ? handler : alike(handler, function (...args) {
      const frame = new Frame();
      try {
        const result: any = callIn(frame, handler, this, args);
        if (!onError || !(result instanceof Promise)) return result;
        return result.catch((it) => fail(frame, it));
      } catch (error) {
        return fail(frame, error);
      }
    });
  const frameFor = (error: any) => {
    const frame = failed.get(error) ?? new Frame();
    failed.delete(error);
    return frame;
  };
  return { bind, onError: runIn(frameFor, onError) };
}

// node:http, node:https, node:http2: a listener runs in the context of whoever emits the event.

/** The events that begin a request, with it or with its stream; some bring its socket too. */
const STARTS = new Set("request checkContinue checkExpectation stream upgrade connect".split(" "));

function serveInTasks(server: object): void {
  replace(server, "emit", (emit) =>
    function (event, request, other) {
      if (!STARTS.has(event) || !isObject(request)) return Reflect.apply(emit, this, arguments);
      // `stream` and `checkContinue` lead to `request`: that is the same task.
      const frame: Frame = request[FRAME] ?? request.stream?.[FRAME] ?? new Frame();
      if (request[FRAME] === undefined && other?.req === request) keepApart(other);
      for (const object of [request, other]) {
        // A response leads to its request: to mark both would take 0.1 µs more.
        if (!object?.emit || object.req === request) continue;
        Reflect.defineProperty(object, FRAME, { value: frame, configurable: true });
        if (!object.emit[ORIGINAL]) listenInTask(object);
      }
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
      const frame: Frame | undefined = this[FRAME] ?? this.req?.[FRAME];
      const listener = frame && this._events?.[event];
      // `keepApart`'s, and what Node.js and Deno do at the end of a request's body, need no frame.
      const isOwn = !listener || listener[ORIGINAL] || listener.name === "clearIncoming";
      return isOwn ? Reflect.apply(emit, this, arguments) : callIn(frame!, emit, this, arguments);
    });
  for (const name of ["write", "end", "setTimeout"]) replace(emitter, name, callBack);
}

/** Makes a function call back in frames: `framesFor` is called when the callback is passed. */
function callBack(fn: AnyFunction, framesFor: (self: any) => () => Frame = frameOf): AnyFunction {
  return function (...args) {
    const bound = args.some(isFunction) ? args.map((arg) => runIn(framesFor(this), arg)) : args;
    return Reflect.apply(fn, this, bound);
  };
}

/** A response that waits for the one before it is sent, and calls back, in the task of that one. */
function frameOf(response: any): () => Frame {
  const current = currentFrame();
  const frame = current.outside ? response[FRAME] ?? response.req?.[FRAME] ?? new Frame() : current;
  return () => frame;
}

/** Calls a function outside all tasks. To enter a new frame there takes 0.3 µs more. */
const Native: any = hooks.AsyncLocalStorage;
const callOutside: AnyFunction = Native
  ? Reflect.apply(Native.prototype.run, frameStorage, [undefined, Native.snapshot])
  : (fn, ...args) => callIn(new Frame(undefined, true), fn, undefined, args);

/**
 * Keeps what the runtime itself does out of the task. At a response's end it starts the timer of a
 * socket that waits for another request, which would keep the frame alive.
 */
function keepApart(response: any): void {
  const finish = response._events?.finish;
  if (!isFunction(finish)) return;
  response._events.finish = () => callOutside(Reflect.apply, finish, response, []);
  response._events.finish[ORIGINAL] = finish;
}

// Deno and Bun call a handler in the ambient context, in which an unbound one leaves what it sets.

function bindOptions(options: any): any {
  const { bind, onError } = tasks(options?.error);
  const bindRoute = (it: any) => http.METHODS.some((key) => it?.[key]) ? view(it, bind) : bind(it);
  return view(options, (value, key) => {
    if (key === "error") return onError;
    if (key === "routes") return view(value, bindRoute);
    return key === "websocket" ? bindSockets(value) : key === "fetch" ? bind(value) : value;
  });
}

/** Makes a socket's handlers run in the task of the request that was upgraded. */
function bindSockets(handlers: unknown): unknown {
  const frames = new WeakMap<object, Frame>();
  const frameFor = (socket: object) => {
    // In `open`, which `server.upgrade` calls, the current one is the request's.
    const frame = frames.get(socket) ?? (currentFrame().outside ? new Frame() : currentFrame());
    frames.set(socket, frame);
    return frame;
  };
  return view(handlers, (it, key) => runIn(frameFor, it ?? (key === "open" ? () => {} : it)));
}

/**
 * Servers read a body outside all tasks: what makes it goes on in the task that made the stream.
 */
function fromOf(from: AnyFunction): AnyFunction {
  return function (source) {
    const key = [Symbol.asyncIterator, Symbol.iterator].find((key) => source?.[key] != null)!;
    const frame = currentFrame();
    if (frame.outside || !isFunction(Object(source)[key])) return from.call(this, source);
    const begin = (it = source[key]()) => view(it, (step) => runIn(() => frame, step, it));
    return from.call(this, { [key]: begin });
  };
}

once("servers", () => {
  beStrict(true);
  const { Http2ServerRequest: Request, Http2ServerResponse: Response } = http2;
  [IncomingMessage, ServerResponse, Request, Response].forEach((it) => listenInTask(it.prototype));
  [http.Server, https.Server].forEach((it) => serveInTasks(it.prototype));
  try {
    const servers = [http2.createServer(), http2.createSecureServer()]; // their classes are hidden
    servers.forEach((it) => serveInTasks(Object.getPrototypeOf(it)));
  } catch { // Cloudflare Workers have none
  }
  replace(Deno, "serve", (serve) => (first, second) => {
    const handler = [first, second, first?.handler].find(isFunction);
    const options = isFunction(first) ? {} : first;
    const { bind, onError } = tasks(options?.onError);
    const bound = onError && view(options, (it, key) => key === "onError" ? onError : it);
    // The handler beside the options as they are: `deno serve` has hidden ones.
    return serve(bound ?? options, bind(handler));
  });
  const callBackAnew = (fn: AnyFunction) => callBack(fn, () => () => new Frame());
  replace(Deno, "cron", callBackAnew);
  replace(Deno?.Kv?.prototype, "listenQueue", callBackAnew);
  replace(Bun, "serve", (serve) => (options) => {
    const server = serve(bindOptions(options));
    replace(server, "reload", (reload) => (options) => reload.call(server, bindOptions(options)));
    return server;
  });
  replace(ReadableStream, "from", fromOf);
});
