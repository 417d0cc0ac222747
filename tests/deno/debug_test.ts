/** Debug mode in programs of their own: scripts, tests, servers, and what holds for a whole program. */

// deno-lint-ignore-file contextvars/concurrent-set -- on purpose

import { assertEquals, assertMatch, assertStrictEquals, assertStringIncludes } from "@std/assert";
import { ContextVar, createTask } from "@contextvars/contextvars";
import * as debug from "@contextvars/contextvars/debug";
import { runDeno } from "../command.ts";
import { TemporaryFolder } from "../temporary_folder.ts";
import { importCopy } from "./second_copy.ts";

const START = `
  import { Context, ContextVar, createTask } from ${url("mod.ts")};
  import ${url("debug.ts")};
  const user = new ContextVar("user", { default: "nobody" });
  async function work(name) {
    user.set(name);
    await new Promise((resolve) => setTimeout(resolve));
    return user.get();
  }
  async function serve(handler) {
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
    await (await fetch(\`http://127.0.0.1:\${server.addr.port}/\`)).text();
    await server.shutdown();
  }
`;

function url(file: string): string {
  return JSON.stringify(import.meta.resolve(`../../${file}`));
}

/** Returns what debug mode says about a program. */
async function reportsOn(program: string, command = ["run", "--quiet"]): Promise<string> {
  using folder = new TemporaryFolder();
  const file = folder.file("program_test.js");
  await Deno.writeTextFile(file, START + program);
  const { code, stdout, stderr } = await runDeno([...command, "-A", file]);
  assertEquals(code, 0, stdout + stderr);
  return stdout + stderr;
}

const copy = await importCopy<typeof debug>({}, "debug.ts");

const REMEDIES = ["createTask(main)", "createTask(body)", "servers"];

/** Returns which remedies a text names. */
function remediesIn(text: string): string[] {
  return REMEDIES.filter((remedy) => text.includes(remedy));
}

Deno.test("Debug mode names a script's remedy in a script, also after an await", async () => {
  assertEquals(remediesIn(await reportsOn(`user.set("alice");`)), ["createTask(main)"]);
  const program = `async function main() { await null; user.set("alice"); } await main();`;
  assertEquals(remediesIn(await reportsOn(program)), ["createTask(main)"]);
});

Deno.test("Debug mode names a test's remedy in a test, also after an await", async () => {
  const program = `Deno.test("sets", async () => { user.set("a"); await null; user.set("b"); });`;
  const text = await reportsOn(program, ["test", "--no-check"]);
  assertEquals(remediesIn(text), ["createTask(body)"]);
  assertEquals(text.split("is set outside any task").length, 3);
});

Deno.test("Debug mode names a server's remedy in a server, also after an await", async () => {
  const sync = await reportsOn(`await serve(() => { user.set("a"); return new Response(); });`);
  assertEquals(remediesIn(sync), ["servers"]);
  const later = await reportsOn(
    `await serve(async () => { await null; user.set("a"); return new Response(); });`,
  );
  assertStringIncludes(later, "servers");
});

Deno.test("Debug mode finds the race of a server's first request", async () => {
  const text = await reportsOn(`
    await serve(new Context().bind(async () => {
      const calls = ["alice", "bob"].map(async (name) => {
        user.set(name);
        await new Promise((resolve) => setTimeout(resolve));
        return user.get();
      });
      return new Response((await Promise.all(calls)).join());
    }));
  `);
  assertStringIncludes(text, "a race on");
});

Deno.test("Debug mode works beside servers, and says nothing of their requests", async () => {
  const text = await reportsOn(`
    import ${url("servers.ts")};
    import { createServer } from "node:http";
    const server = createServer(async (request, response) => {
      await work("alice");
      request.on("data", (chunk) => user.set(user.get() + chunk.length));
      request.on("end", async () => response.end(await work("bob")));
    }).listen(0, "127.0.0.1", async () => {
      const url = \`http://127.0.0.1:\${server.address().port}/\`;
      for (const body of ["a", "b"]) await (await fetch(url, { method: "POST", body })).text();
      server.close().closeAllConnections();
    });
  `);
  assertEquals(text, "");
});

Deno.test("Debug mode works where Error is frozen", async () => {
  const text = await reportsOn(`
    Object.freeze(Error);
    await createTask(() => Promise.all([work("alice"), work("bob")]));
  `);
  assertMatch(text, /a race on[^]* at work \(/);
});

Deno.test("Debug mode is one, whichever copy of it is asked", async () => {
  const reports: debug.Report[] = [];
  copy.onReport((report) => reports.push(report));
  const user = new ContextVar("user", { default: "nobody" });
  const work = async (name: string) => {
    user.set(name);
    await Promise.resolve();
    return user.get();
  };
  await createTask(() => Promise.all([work("alice"), work("bob")]));
  assertEquals(reports.map(({ variable }) => variable), [user]);
  assertStrictEquals(copy.explain, debug.explain);
});
