/**
 * Measures what a change costs: the files as they are now, against those of a commit.
 *
 *     deno task bench:compare COMMIT
 */

import { cp } from "node:fs/promises";
import { join } from "node:path";
import { outputOf } from "../../tests/command.ts";
import { TemporaryFolder } from "../../tests/temporary_folder.ts";
import { interleave, minimum, ratio, significant, table, whole } from "./interleave.ts";
import { PROGRAMS, type Variant, variants } from "./variants.ts";

const QUESTIONS = { request: [1, 5, 20], operations: [10, 10_000] };

const [commit] = Deno.args;
if (commit === undefined) {
  console.error("usage: deno task bench:compare COMMIT");
  Deno.exit(2);
}
using folder = new TemporaryFolder();
const archive = folder.file("files.tar");
const root = join(import.meta.dirname!, "../..");
await outputOf(["git", "archive", `--output=${archive}`, commit], { cwd: root });
await outputOf(["tar", "-xf", archive, "-C", folder.path]);
// The programs of today on both sides: only what they measure differs.
const programs = folder.file("lab/bench/programs");
await cp(PROGRAMS, programs, { recursive: true });
const titles = ["Deno", "Node.js 24"] as const;
const before = await variants(titles, join(programs, "main.ts"));
for (const [i, now] of (await variants(titles)).entries()) await compare(now, before[i]!);

async function compare(now: Variant, before: Variant): Promise<void> {
  const rows: string[][] = [];
  for (const [question, numbers] of Object.entries(QUESTIONS)) {
    for (const variables of numbers) {
      const measured = await interleave(
        ["now", "before", "again"],
        (which) => (which === "now" ? now : before).command("contextvars", question, variables),
      );
      for (const what of Object.keys(measured.now)) {
        const { now, before, again } = measured;
        const times = [before, now].map((of) => significant(minimum(of[what]!)));
        const ratios = [now, again].map((of) => ratio(of[what]!, before[what]!));
        rows.push([what, whole(variables), ...times, ...ratios]);
      }
    }
  }
  const head = [now.name, "variables", "before, ns", "now, ns", "**now to before**", "A/A"];
  console.log(table(head, rows));
}
