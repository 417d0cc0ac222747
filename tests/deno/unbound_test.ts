/**
 * What Deno does to a handler of Deno.serve that is not bound: here, so that a change is noticed.
 *
 * Deno 2.8 and 2.9 do; 2.5 did not.
 */

import { assertEquals } from "@std/assert";
import { runDeno } from "../command.ts";
import { needsDeno } from "../needs_deno.ts";

const LEAKS = needsDeno("2.8.0");

/** Runs a program of tests/deno/serve/, which would leave its traces in this process. */
async function linesOf(program: string): Promise<string[]> {
  const path = import.meta.resolve(`./serve/${program}`);
  const { stdout, stderr } = await runDeno(["run", "--quiet", "-A", path]);
  assertEquals(stderr, "");
  return stdout.trim().split("\n");
}

Deno.test("ContextVar.set() in an unbound handler reaches the next request", LEAKS, async () => {
  assertEquals(await linesOf("unbound.ts"), [
    "unbound, alice: alice",
    "unbound, anonymous: alice", // the runtime's doing: a stranger's value
    "unbound on another server, anonymous: alice",
    "bound, anonymous: anonymous",
    "bound, bob: bob",
    "bound, anonymous: anonymous",
    "in a new context, anonymous: anonymous",
  ]);
});

Deno.test("createTask() in an unbound handler inherits what an import left", LEAKS, async () => {
  assertEquals(await linesOf("dynamic_import.ts"), [
    "unbound: stranger", // the runtime's doing
    "createTask in an unbound handler: stranger",
    "bound: anonymous",
    "in a new context: anonymous",
  ]);
});

Deno.test(
  "What the server calls after a bound handler sees a stranger's value",
  LEAKS,
  async () => {
    assertEquals(await linesOf("read_later.ts"), [
      "read later: stranger", // the runtime's doing
      "read later, by the handler's task: alice",
      "pulled later, bound: alice",
      "onError: stranger", // the runtime's doing
    ]);
  },
);

Deno.test("What the error of a set outside tasks advises keeps the requests apart", async () => {
  assertEquals(await linesOf("remedies.ts"), [
    "none: RuntimeError anonymous RuntimeError anonymous",
    "bound: alice anonymous bob anonymous",
    "servers: alice anonymous bob anonymous",
  ]);
});
