/** Debug mode beside a second copy of the module. */

import { assertEquals, assertMatch } from "@std/assert";
import { onReport, type Report } from "@contextvars/contextvars/debug";
import { outsideTasks } from "../harness.ts";
import { importCopy } from "./second_copy.ts";

const other = await importCopy();

outsideTasks("Debug mode says once that the program uses another copy of the module", async () => {
  const reports: Report[] = [];
  onReport((report) => reports.push(report));
  await other.createTask(() => {});
  await other.createTask(() => {});
  assertEquals(reports.map(({ kind, variable }) => [kind, variable]), [["copy", undefined]]);
  assertMatch(reports[0]!.text, /another copy or version[^]*from the same package/);
});
