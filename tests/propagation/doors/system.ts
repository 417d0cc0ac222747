/** Files, child processes, signals, and what the process reports of itself. */

import type { ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";
import { type Doors, load } from "../door.ts";

const childProcess = await load(import("node:child_process"));
const fs = await load(import("node:fs"));
const fsPromises = await load(import("node:fs/promises"));
const process = await load(import("node:process"));
const readline = await load(import("node:readline"));
const stream = await load(import("node:stream"));
const util = await load(import("node:util"));

const ERROR = new Error("expected");

export const system: Doors = {
  "node:fs callback"({ callback }) {
    fs.stat(".", callback);
  },
  async "node:fs/promises"({ callback }) {
    await fsPromises.stat(".");
    callback();
  },
  async "util.promisify(fs.stat)"({ callback }) {
    await util.promisify(fs.stat)(".");
    callback();
  },
  async "Deno.stat"({ callback }) {
    await Deno.stat(".");
    callback();
  },
  "node:fs ReadStream, open"({ callback }) {
    fs.createReadStream(process.default.execPath).on("open", callback).destroy();
  },
  "node:child_process exit"({ callback }) {
    child().on("exit", callback);
  },
  "node:child_process close"({ callback }) {
    child().on("close", callback);
  },
  "node:child_process stdout data"({ callback }) {
    child().stdout.on("data", callback);
  },
  "node:child_process execFile callback"({ callback }) {
    childProcess.execFile(process.default.execPath, ["--version"], callback);
  },
  async "Deno.Command output"({ callback }) {
    await new Deno.Command(Deno.execPath(), { args: ["--version"] }).output();
    callback();
  },
  "process signal listener"({ callback, elsewhere, afterwards }) {
    process.default.on("SIGUSR2", callback);
    elsewhere(() => process.default.kill(process.default.pid, "SIGUSR2"));
    afterwards(() => process.default.off("SIGUSR2", callback));
  },
  "Deno.addSignalListener"({ callback, elsewhere, afterwards }) {
    Deno.addSignalListener("SIGUSR2", callback);
    elsewhere(() => Deno.kill(Deno.pid, "SIGUSR2"));
    afterwards(() => Deno.removeSignalListener("SIGUSR2", callback));
  },
  "unhandledrejection listener"({ callback, elsewhere, afterwards }) {
    const listener = (event: Event) => {
      event.preventDefault();
      callback();
    };
    globalThis.addEventListener("unhandledrejection", listener);
    elsewhere(() => void Promise.reject(ERROR));
    afterwards(() => globalThis.removeEventListener("unhandledrejection", listener));
  },
  "process unhandledRejection listener"({ callback, elsewhere, afterwards }) {
    process.default.on("unhandledRejection", callback);
    elsewhere(() => void Promise.reject(ERROR));
    afterwards(() => process.default.off("unhandledRejection", callback));
  },
  "error listener of the global object"({ callback, elsewhere, afterwards }) {
    const listener = (event: Event) => {
      event.preventDefault();
      callback();
    };
    globalThis.addEventListener("error", listener);
    elsewhere(() => setTimeout(fail, 0));
    afterwards(() => globalThis.removeEventListener("error", listener));
  },
  "process uncaughtException listener"({ callback, elsewhere, afterwards }) {
    process.default.on("uncaughtException", callback);
    elsewhere(() => setTimeout(fail, 0));
    afterwards(() => process.default.off("uncaughtException", callback));
  },
  "node:readline line"({ callback, elsewhere }) {
    const input = new stream.PassThrough();
    readline.createInterface({ input }).on("line", callback);
    elsewhere(() => input.end("line\n"));
  },
  "node:readline question"({ callback, elsewhere }) {
    const input = new stream.PassThrough();
    readline.createInterface({ input }).question("", callback);
    elsewhere(() => input.end("answer\n"));
  },
};

function child(): ChildProcessByStdio<null, Readable, null> {
  const { execPath } = process.default;
  return childProcess.spawn(execPath, ["--version"], { stdio: ["ignore", "pipe", "ignore"] });
}

function fail(): never {
  throw ERROR;
}
