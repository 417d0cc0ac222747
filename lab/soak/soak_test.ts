import { assertEquals, assertMatch } from "@std/assert";
import { runDeno } from "../../tests/command.ts";

/** In milliseconds, for what takes a few seconds, and minutes on a busy machine. */
const LONGEST_RUN = 300_000;

Deno.test("No value is ever read in the wrong task or request, and the heap stays flat", async () => {
  const program = import.meta.resolve("./soak.ts");
  // A server that misses a client's leave waits for ever.
  const signal = AbortSignal.timeout(LONGEST_RUN);
  const args = ["run", "--quiet", "-A", program, "--seconds", "2"];
  const { code, stdout } = await runDeno(args, { signal });
  assertMatch(stdout, /bleeds 0, heap growth .* MB, values of finished tasks kept 0 of 1000\n$/);
  assertEquals(code, 0);
});
