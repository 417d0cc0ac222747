/**
 * Writes the tables of docs/propagation.md: runs the survey on every runtime.
 *
 *     deno task propagation [--check]
 *
 * With `--check` it writes nothing, and fails where a runtime does not do what the page says.
 */

import { deno } from "../../tests/command.ts";
import { installRuntimes } from "../runtimes/install.ts";
import { outcomesOf, PAGE, readOutcomes, withTables } from "./page.ts";
import { type Column, surveyAll } from "./runtimes.ts";

const { available, skipped } = await installRuntimes();
for (const { name, why } of skipped) console.log(`skipped: ${name}: ${why}`);
const columns = (await surveyAll(available))
  .toSorted((a, b) => Number(b.title === "Deno") - Number(a.title === "Deno"));
const page = await Deno.readTextFile(PAGE);
const failures = columns.flatMap(contradictions);
if (Deno.args.includes("--check")) {
  failures.push(...columns.flatMap(differences));
} else if (skipped.length === 0) {
  await Deno.writeTextFile(PAGE, withTables(page, columns));
  await deno(["fmt", "--quiet", PAGE.pathname]);
} else {
  failures.push("the page is not written: it needs every runtime");
}
for (const failure of failures) console.error(failure);
Deno.exit(failures.length === 0 ? 0 : 1);

function contradictions({ title, entries }: Column): string[] {
  return entries.flatMap(({ name, contradicts }) =>
    contradicts.map((sentence) => `${title}: ${name}: not true: ${sentence}`)
  );
}

function differences({ title, entries }: Column): string[] {
  const found = outcomesOf(entries);
  const said = readOutcomes(page, title);
  return Object.keys({ ...said, ...found })
    .filter((name) => found[name] !== said[name])
    .map((name) => `${title}: ${name}: ${found[name]}, and the page says ${said[name]}`);
}
