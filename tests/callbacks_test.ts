/** Which callbacks keep their context on this Deno: as docs/propagation.md says. */

import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { outcomesOf, PAGE, readOutcomes } from "./callbacks/page.ts";
import { surveyHere } from "./callbacks/runtimes.ts";

const page = await Deno.readTextFile(PAGE);
const entries = await surveyHere();

it("A callback sees on this Deno whose context docs/propagation.md says", {
  ignore: Deno.build.os !== "linux", // the page was made on Linux
}, () => assertEquals(outcomesOf(entries), readOutcomes(page, "Deno")));

it("Context.bind() keeps the context of each callback", () => {
  assertEquals(entries.filter(({ contradicts }) => contradicts.length > 0), []);
});
