/** Errors that nobody catches. */

import { type Cases, load } from "../attempt.ts";

const process = await load(import("node:process"));

const ERROR = new Error("expected");

export const errors: Cases = {
  async "unhandledrejection listener"({ callback, fireTwice, afterwards }) {
    const listener = (event: Event) => {
      event.preventDefault();
      callback();
    };
    globalThis.addEventListener("unhandledrejection", listener);
    afterwards(() => globalThis.removeEventListener("unhandledrejection", listener));
    await fireTwice(() => void Promise.reject(ERROR));
  },
  async "process unhandledRejection listener"({ callback, fireTwice, afterwards }) {
    process.default.on("unhandledRejection", callback);
    afterwards(() => process.default.off("unhandledRejection", callback));
    await fireTwice(() => void Promise.reject(ERROR));
  },
  async "error listener of the global object"({ callback, fireTwice, afterwards }) {
    const listener = (event: Event) => {
      event.preventDefault();
      callback();
    };
    globalThis.addEventListener("error", listener);
    afterwards(() => globalThis.removeEventListener("error", listener));
    await fireTwice(() => void setTimeout(fail, 0));
  },
  async "process uncaughtException listener"({ callback, fireTwice, afterwards }) {
    process.default.on("uncaughtException", callback);
    afterwards(() => process.default.off("uncaughtException", callback));
    await fireTwice(() => void setTimeout(fail, 0));
  },
};

function fail(): never {
  throw ERROR;
}
