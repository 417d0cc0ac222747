/** BullMQ, with a Redis of this machine. */

import { spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { Context, createTask } from "@contextvars/contextvars";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { allHandled, conclude, handle, ids, requestId } from "../../tally.ts";

if (spawnSync("redis-server", ["--version"]).error) {
  console.log("skipped: there is no redis-server");
  process.exit();
}
const port = 10_000 + process.pid % 50_000;
const redis = spawn("redis-server", ["--port", String(port), "--save", ""], { stdio: "ignore" });
process.on("exit", () => redis.kill());
const connection = new Redis({ port, maxRetriesPerRequest: null });

await createTask(async () => {
  requestId.set("starter");
  new Worker("mail", new Context().bind((job) => handle(job.data.id)), { connection });
  const queue = new Queue("mail", { connection });
  await queue.addBulk(ids.map((id) => ({ name: "send", data: { id } })));
  await allHandled;
});
conclude(400);

// wrong, not bound: new Context().bind( ~> (
// wrong, a copy: new Context().bind( ~> (await import("@contextvars/contextvars")).copyContext().bind(
