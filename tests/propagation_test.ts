/** Which callbacks keep their context on this Deno: as docs/propagation.md says. */

import { assertEquals, assertNotEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { columnOf, readColumn } from "./propagation/document.ts";
import { lostWhenBound, onDeno, report } from "./propagation/run.ts";
import { outside } from "./helpers.ts";

const page = await Deno.readTextFile(new URL("../docs/propagation.md", import.meta.url));
const entries = await report(onDeno(Deno.execPath()));

const asThePageSays = "A callback keeps or loses its context as docs/propagation.md says of Deno";
if (Deno.build.os === "linux") {
  outside(asThePageSays, () => assertEquals(columnOf(entries), readColumn(page, "Deno")));
} else {
  it.skip(`${asThePageSays} (skipped: the page was made on Linux)`, () => {});
}

outside("Context.bind() keeps the context of each callback that would lose it", () => {
  assertNotEquals(entries.filter(({ plain }) => plain.outcome === "nothing"), []);
  assertEquals(lostWhenBound(entries), []);
});
