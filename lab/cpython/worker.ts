/** Interprets the programs that `module_interpreter.ts` sends, and sends their traces back. */

import { interpret } from "./interpret.ts";
import type { Program } from "./program.ts";

const worker = self as unknown as Worker;

worker.postMessage([]); // it is loaded
worker.onmessage = async ({ data }: MessageEvent<Program>) => {
  worker.postMessage(await interpret(data));
};
