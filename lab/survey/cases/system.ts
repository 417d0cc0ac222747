/** Files, child processes, signals and lines of input. */

import type { ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";
import { type Attempt, type Cases, load } from "../attempt.ts";

const childProcess = await load(import("node:child_process"));
const fs = await load(import("node:fs"));
const os = await load(import("node:os"));
const process = await load(import("node:process"));
const readline = await load(import("node:readline"));
const stream = await load(import("node:stream"));

export const system: Cases = {
  "node:fs ReadStream, data"(attempt) {
    const file = `${temporaryFolder(attempt)}/file`;
    fs.writeFileSync(file, "text");
    attempt.make(() => fs.createReadStream(file)).on("data", attempt.callback);
  },
  async "node:fs watch"(attempt) {
    const { callback, make, fireTwice, afterwards } = attempt;
    const folder = temporaryFolder(attempt);
    const watcher = make(() => fs.watch(folder));
    watcher.on("change", callback);
    afterwards(() => watcher.close());
    await fireTwice(() => fs.writeFileSync(`${folder}/${Date.now()}`, "text"));
  },
  "node:child_process exit"({ callback, make }) {
    make(child).on("exit", callback);
  },
  async "node:child_process stdout data"({ callback, make, fireTwice, afterwards }) {
    const echo = make(() => childProcess.spawn("cat"));
    echo.stdout.on("data", callback);
    afterwards(() => echo.kill());
    await fireTwice(() => echo.stdin.write("text"));
  },
  async "process signal, its first listener"(attempt) {
    await listenToSignal(attempt);
  },
  async "process signal, a second listener"(attempt) {
    const first = () => {};
    attempt.make(() => process.default.on("SIGUSR2", first));
    attempt.afterwards(() => process.default.off("SIGUSR2", first));
    await listenToSignal(attempt);
  },
  async "Deno.addSignalListener"({ callback, make, fireTwice, afterwards }) {
    const first = () => {};
    make(() => Deno.addSignalListener("SIGUSR2", first));
    Deno.addSignalListener("SIGUSR2", callback);
    afterwards(() => Deno.removeSignalListener("SIGUSR2", first));
    afterwards(() => Deno.removeSignalListener("SIGUSR2", callback));
    await fireTwice(() => Deno.kill(Deno.pid, "SIGUSR2"));
  },
  async "node:readline line"({ callback, make, fireTwice }) {
    const input = new stream.PassThrough();
    make(() => readline.createInterface({ input })).on("line", callback);
    await fireTwice(() => input.write("line\n"));
  },
  "node:readline question"({ callback, make, fire }) {
    const input = new stream.PassThrough();
    make(() => readline.createInterface({ input })).question("", callback);
    fire(() => input.write("answer\n"));
  },
};

function temporaryFolder({ afterwards }: Attempt): string {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/callbacks-`);
  afterwards(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}

async function listenToSignal({ callback, fireTwice, afterwards }: Attempt): Promise<void> {
  process.default.on("SIGUSR2", callback);
  afterwards(() => process.default.off("SIGUSR2", callback));
  await fireTwice(() => process.default.kill(process.default.pid, "SIGUSR2"));
}

function child(): ChildProcessByStdio<null, Readable, null> {
  const { execPath } = process.default;
  return childProcess.spawn(execPath, ["--version"], { stdio: ["ignore", "pipe", "ignore"] });
}
