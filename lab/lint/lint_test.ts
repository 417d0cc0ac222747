import { assertEquals } from "@std/assert";
import plugin from "@contextvars/contextvars/lint";
import { PRELUDE, SNIPPETS } from "./snippets.ts";

/** Lists the rules that report code. */
function rulesFor(code: string): string[] {
  const found = Deno.lint.runPlugin(plugin, "main.ts", PRELUDE + code);
  return found.map(({ id }) => id.replace("contextvars/", ""));
}

Deno.test("There are snippets for each rule", () => {
  assertEquals(Object.keys(SNIPPETS).sort(), Object.keys(plugin.rules).sort());
});

for (const [rule, { wrong, right }] of Object.entries(SNIPPETS)) {
  Deno.test(`${rule} tells wrong code from right code`, () => {
    assertEquals({
      missed: wrong.filter((it) => !rulesFor(it).includes(rule)),
      reported: right.filter((it) => rulesFor(it).length > 0),
    }, { missed: [], reported: [] });
  });
}
