/** What debug mode says of many small programs; docs/mistakes.md has the figures. */

import { assertEquals } from "@std/assert";
import { createTask } from "@contextvars/contextvars";
import { onReport } from "@contextvars/contextvars/debug";
import { programs as correct } from "./correct.ts";
import { Given, type Program, sleep } from "./helpers.ts";
import { programs as racy } from "./racy.ts";

/** Runs programs; lists those that see a wrong value, and for each report its program. */
async function tryOut(programs: Record<string, Program>) {
  const wrong: string[] = [];
  const reported: string[] = [];
  for (const [name, program] of Object.entries(programs)) {
    const given = new Given();
    onReport(() => reported.push(name));
    await createTask(program, given);
    await sleep(5);
    if (given.isWrong) wrong.push(name);
  }
  return { wrong, reported };
}

Deno.test("Debug mode finds 19 of the 23 racy programs, each once", async () => {
  const names = Object.keys(racy);
  const { wrong, reported } = await tryOut(racy);
  assertEquals(names.length, 23);
  assertEquals(wrong, names);
  assertEquals(names.filter((name) => !reported.includes(name)), [
    "reader_beside_an_admin",
    "reader_started_before_its_caller_sets",
    "audit_not_awaited",
    "last_write_wins_for_the_awaiter",
  ]);
  assertEquals(reported, [...new Set(reported)]);
});

Deno.test("Debug mode reports 3 of the 22 correct programs, which share a value on purpose", async () => {
  assertEquals(Object.keys(correct).length, 22);
  assertEquals(await tryOut(correct), {
    wrong: [],
    reported: [
      "heartbeat_by_a_timer",
      "told_when_the_value_has_changed",
      "variable_as_a_mailbox",
    ],
  });
});
