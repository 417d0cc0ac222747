import { assertEquals, assertMatch } from "@std/assert";

/** In milliseconds; the long one takes a few seconds. */
const LONGEST_RUN = 60_000;

/** Runs a program of tests/soak/ with gc() exposed. */
async function soak(program: string, ...args: string[]): Promise<{ output: string; code: number }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "--v8-flags=--expose-gc", `tests/soak/${program}`, ...args],
    cwd: new URL("../..", import.meta.url),
    signal: AbortSignal.timeout(LONGEST_RUN), // a server that misses a client's leave waits for ever
  }).output();
  const decoder = new TextDecoder();
  return { output: decoder.decode(stdout) + decoder.decode(stderr), code };
}

Deno.test("No value is ever read in the wrong task or request, and the heap stays flat", async () => {
  const { output, code } = await soak("soak.ts", "--seconds", "2");
  assertMatch(output, /^bodies cancelled: [1-9]\d* while they were sent, [1-9]\d* before\r?$/m);
  assertMatch(
    output,
    /bleeds 0, heap growth .* MB, values of finished tasks kept 0 of 1000\r?\n$/,
  );
  assertEquals(code, 0);
});

Deno.test("What nothing can reach any more is collected", async () => {
  const { output } = await soak("leaks.ts");
  assertEquals(output.trim().split(/\r?\n/), [
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
