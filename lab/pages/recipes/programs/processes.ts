/** Processes: a child gets the id in its environment, and starts as a task that has it. */

import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ContextVar } from "@contextvars/contextvars";
import { conclude, concurrently, count, turns } from "../tally.ts";

const requestId = new ContextVar("requestId", { default: "-" });

async function main(): Promise<void> {
  await turns();
  console.log(requestId.get());
}

async function runChild(file: string): Promise<string> {
  const env = { ...process.env, REQUEST_ID: requestId.get() };
  const { stdout } = await promisify(execFile)(process.execPath, [file, "child"], { env });
  return stdout;
}

function startChild(): Promise<void> {
  return requestId.run(process.env.REQUEST_ID ?? "-", main);
}

// By an argument, and not by REQUEST_ID: a child without it must not start children of its own.
if (process.argv[2] === "child") {
  await startChild();
} else {
  await concurrently(requestId, async (id) => {
    count(await runChild(fileURLToPath(import.meta.url)), `${id}\n`);
    count(requestId.get(), id);
  }, 10);
  conclude(20);
}

// wrong, not sent: , REQUEST_ID: requestId.get() } ~>  }
// wrong, not run: requestId.run(process.env.REQUEST_ID ?? "-", main) ~> main()
