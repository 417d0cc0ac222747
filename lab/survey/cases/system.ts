/** Files, child processes and signals. */

import fs from "node:fs";
import os from "node:os";
import process from "node:process";
import type { Attempt, Cases } from "../attempt.ts";
import { once, onGlobal } from "../emitter.ts";

const childProcess = process.getBuiltinModule("node:child_process"); // workerd has none

const signalCase = onGlobal(process, "SIGUSR2", () => process.kill(process.pid, "SIGUSR2"));

export const system: Cases = {
  async "node:fs watch"(attempt) {
    const { callback, make, fireTwice, closing } = attempt;
    const folder = temporaryFolder(attempt);
    closing(make(() => fs.watch(folder))).on("change", callback);
    await fireTwice(() => fs.writeFileSync(`${folder}/${Date.now()}`, "text"));
  },
  "node:child_process exit": once(() => childProcess.spawn("date", { stdio: "ignore" }), "exit"),
  "node:child_process stdout data": once(() => childProcess.spawn("date").stdout, "data"),
  "process signal, its first listener": signalCase,
  async "process signal, a second listener"(attempt) {
    const first = () => {};
    attempt.make(() => process.on("SIGUSR2", first));
    attempt.closing(() => process.off("SIGUSR2", first));
    await signalCase(attempt);
  },
};

export function temporaryFolder({ closing }: Attempt): string {
  const folder = fs.mkdtempSync(`${os.tmpdir()}/callbacks-`);
  closing(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}
