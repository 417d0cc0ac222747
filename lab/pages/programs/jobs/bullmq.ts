/** BullMQ, with a Redis of this machine. */

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Context } from "@contextvars/contextvars";
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { consume, handle, ids } from "../shared/tally.ts";

if (spawnSync("redis-server", ["--version"]).error) {
  console.log("skipped: there is no redis-server");
  process.exit();
}
// By a socket's path: another program may have any port.
const folder = mkdtempSync(join(tmpdir(), "contextvars-"));
const path = join(folder, "redis.sock");
const options = ["--port", "0", "--unixsocket", path, "--save", ""];
const redis = spawn("redis-server", options, { stdio: "ignore" });
process.on("exit", () => (redis.kill(), rmSync(folder, { recursive: true })));
const connection = new Redis({ path, maxRetriesPerRequest: null });
connection.on("error", () => {}); // until Redis listens

await consume(async () => {
  new Worker("mail", new Context().bind((job) => handle(job.data.id)), { connection });
  const queue = new Queue("mail", { connection });
  await queue.addBulk(ids.map((id) => ({ name: "send", data: { id } })));
});

// wrong, not bound: new Context().bind( ~> (
// wrong, a copy: new Context().bind( ~> copyContext().bind(
