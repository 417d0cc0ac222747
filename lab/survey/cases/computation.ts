/** Work that the runtime does on other threads, or when it likes. */

import { type Cases, load } from "../attempt.ts";

const crypto = await load(import("node:crypto"));
const performanceHooks = await load(import("node:perf_hooks"));

const EMPTY_MODULE = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

declare const Bun: { gc(force: boolean): void };

export const computation: Cases = {
  async "crypto.subtle"({ callback }) {
    await globalThis.crypto.subtle.digest("SHA-256", EMPTY_MODULE);
    callback();
  },
  "node:crypto randomBytes callback"({ callback }) {
    crypto.randomBytes(8, callback);
  },
  "node:crypto pbkdf2 callback"({ callback }) {
    crypto.pbkdf2("password", "salt", 1, 8, "sha256", callback);
  },
  "node:crypto scrypt callback"({ callback }) {
    crypto.scrypt("password", "salt", 8, { N: 2 }, callback);
  },
  "node:crypto generateKeyPair callback"({ callback }) {
    crypto.generateKeyPair("ed25519", undefined, callback);
  },
  async "WebAssembly.compile"({ callback }) {
    await WebAssembly.compile(EMPTY_MODULE);
    callback();
  },
  async "PerformanceObserver callback"({ callback, make, fireTwice, afterwards }) {
    const observer = make(() => new performanceHooks.PerformanceObserver(callback));
    observer.observe({ entryTypes: ["mark"] });
    afterwards(() => observer.disconnect());
    await fireTwice(() => performanceHooks.performance.mark("callbacks"));
  },
  "FinalizationRegistry callback"({ callback, make, fire, afterwards }) {
    const collect = collector();
    const registry = make(() => new FinalizationRegistry(callback));
    registerGarbage(registry);
    const timer = fire(() => setInterval(collect, 1));
    afterwards(() => clearInterval(timer));
    afterwards(() => registry.unregister(registry)); // holds the registry until then
  },
  async "Atomics.waitAsync"({ callback, fire }) {
    const memory = new Int32Array(new SharedArrayBuffer(4));
    const waiting = Atomics.waitAsync(memory, 0, 0);
    fire(() => setTimeout(() => Atomics.notify(memory, 0), 0));
    await waiting.value;
    callback();
  },
};

/** Registers many objects: where the stack is scanned for pointers, a few are held by chance. */
function registerGarbage(registry: FinalizationRegistry<unknown>): void {
  for (let count = 0; count < 1_000; count++) registry.register({}, undefined);
}

/** Returns what collects garbage, where the runtime exposes it. */
function collector(): () => void {
  if (typeof Bun !== "undefined") return () => Bun.gc(true);
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("gc is not exposed");
  return gc;
}
