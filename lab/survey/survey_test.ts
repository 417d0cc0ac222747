/** Which callbacks keep their context on this Deno: as docs/propagation.md says. */

import { assertEquals } from "@std/assert";
import { outcomesOf, PAGE, readOutcomes } from "./page.ts";
import { surveyHere } from "./runtimes.ts";
import { needsDeno } from "../../tests/needs_deno.ts";

const entries = await surveyHere();

Deno.test("Context is seen by each callback as docs/propagation.md says of Deno", {
  ignore: Deno.build.os !== "linux" || needsDeno("2.9.6").ignore, // where the page was made
}, async () => {
  assertEquals(outcomesOf(entries), readOutcomes(await Deno.readTextFile(PAGE), "Deno"));
});

Deno.test("Context.bind() keeps the context of each callback", () => {
  assertEquals(entries.filter(({ contradicts }) => contradicts.length > 0), []);
});
