// logging: log lines carry the current trace id, though no caller passes it
// deno run examples/logging.ts

import { setTimeout } from "node:timers/promises";
import { ContextVar, createTask } from "@contextvars/contextvars";

const traceId = new ContextVar("trace_id", { default: "no-trace" });

const logger = {
  info(message: string): void {
    console.log(`[${traceId.get()}] INFO ${message}`);
  },
};

async function chargeCard(amount: number): Promise<void> {
  logger.info(`charging ${amount}`);
  await setTimeout(10);
  logger.info("charged");
}

async function checkout(id: string, amount: number): Promise<void> {
  traceId.set(id);
  await chargeCard(amount);
}

logger.info("starting");
await Promise.all([createTask(checkout, "trace-1", 10), createTask(checkout, "trace-2", 25)]);
logger.info("done");

// Prints:
// [no-trace] INFO starting
// [trace-1] INFO charging 10
// [trace-2] INFO charging 25
// [trace-1] INFO charged
// [trace-2] INFO charged
// [no-trace] INFO done
