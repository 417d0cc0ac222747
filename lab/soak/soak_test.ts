import { assertEquals, assertMatch } from "@std/assert";
import { type Result, runDeno } from "../../tests/command.ts";

/** In milliseconds; the long one takes a few seconds, on a busy machine minutes. */
const LONGEST_RUN = 300_000;

/** Runs a program of this folder with gc() exposed. */
function soak(program: string, ...args: string[]): Promise<Result> {
  const path = import.meta.resolve(`./${program}`);
  // A server that misses a client's leave waits for ever.
  const signal = AbortSignal.timeout(LONGEST_RUN);
  return runDeno(["run", "--quiet", "-A", "--v8-flags=--expose-gc", path, ...args], { signal });
}

Deno.test("No value is ever read in the wrong task or request, and the heap stays flat", async () => {
  const { code, stdout } = await soak("soak.ts", "--seconds", "2");
  assertMatch(stdout, /^bodies cancelled: [1-9]\d* while they were sent, [1-9]\d* before$/m);
  assertMatch(stdout, /bleeds 0, heap growth .* MB, values of finished tasks kept 0 of 1000\n$/);
  assertEquals(code, 0);
});

Deno.test("What nothing can reach any more is collected", async () => {
  const { stdout } = await soak("leaks.ts");
  assertEquals(stdout.trim().split("\n"), [
    "set: flat",
    "set and reset: flat",
    "set, and reset of the one before: flat",
    "the value of a task that has ended: collected",
    "the value of a task that has thrown: collected",
    "the value of a request that has ended: collected",
    "a value that was reset: collected",
    "a value that another replaced: collected",
    "the value of a context that was dropped: collected",
    "the value of a bound call: collected",
    "a variable that is in no context: collected",
    "a value beside one whose token was used and is held: collected",
    "a value from outside tasks that another replaced: collected",
    "a value from outside tasks that was reset: collected",
    "a value in a context that is held: kept",
  ]);
});
