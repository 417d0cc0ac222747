/** What `./servers` makes of Deno's own servers, and of what else Deno calls. */

import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import http from "node:http";
import "@contextvars/contextvars/servers";
import { deno } from "../command.ts";
import { outsideTasks } from "../harness.ts";
import { answerWeb, APART, countHttp, fetching, user } from "../servers/answers.ts";

const LOCAL = { hostname: "127.0.0.1", port: 0, onListen() {} };

async function answersOf(server: Deno.HttpServer<Deno.NetAddr>): Promise<unknown> {
  await using _ = server;
  return await countHttp(server.addr.port);
}

outsideTasks("Deno.serve() makes requests tasks, wherever their handler stands", async () => {
  const other = () => new Response();
  assertEquals(await answersOf(Deno.serve(LOCAL, answerWeb)), APART);
  assertEquals(await answersOf(Deno.serve({ ...LOCAL, handler: answerWeb })), APART);
  const both = { ...LOCAL, handler: other } as Deno.ServeTcpOptions;
  assertEquals(await answersOf(Deno.serve(both, answerWeb)), APART);
});

outsideTasks("Deno.serve() takes options of a class, with handlers on its prototype", async () => {
  class Options {
    hostname = "127.0.0.1";
    port = 0;
    onListen(): void {}
    async handler(request: Request): Promise<Response> {
      throw new Error(await (await answerWeb(request)).text());
    }
    onError(): Response {
      return new Response(user.get());
    }
  }
  assertEquals(await answersOf(Deno.serve(new Options())), APART);
});

outsideTasks("Deno.serve() passes no request to a handler that takes none", async () => {
  await using server = Deno.serve(LOCAL, (...args) => new Response(String(args.length)));
  assertEquals(await fetching(`http://127.0.0.1:${server.addr.port}/`)(""), "0");
});

outsideTasks("Deno.serve() refuses what it refused, and prints as it did", () => {
  assertThrows(() => Deno.serve(undefined as never), TypeError, "`handler` or `options`");
  assertThrows(() => Deno.serve({ handler: 1 } as never), TypeError, "received number");
  assertEquals([Deno.serve.name, Deno.serve.length], ["serve", 2]);
});

outsideTasks("A second copy of servers.ts replaces nothing", async () => {
  const replaced = () => [Deno.serve, ReadableStream.from, http.Server.prototype.emit];
  const before = replaced();
  await import("../../servers.ts?second");
  replaced().forEach((now, i) => assertStrictEquals(now, before[i]));
});

Deno.test("`deno serve` makes requests tasks", async () => {
  const served = new URL("../servers/served.ts", import.meta.url).href;
  assertEquals(JSON.parse(await deno(["serve", "-A", "--port=0", served])), APART);
});

Deno.test("Runs of Deno.cron and messages of a Deno.Kv queue start with nothing set", async () => {
  const jobs = new URL("../servers/jobs.ts", import.meta.url).href;
  const output = await deno(["run", "-A", "--unstable-cron", "--unstable-kv", jobs]);
  assertEquals(output, `${Array(4).fill("anonymous").join()}\n`);
});
