/**
 * Measures what a change costs: the files as they are now, against those of a commit.
 *
 *     deno task bench:compare COMMIT
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { outputOf } from "../../tests/command.ts";
import { interleave, minimum, ratio, significant, table, whole } from "./interleave.ts";
import { type Variant, variants } from "./variants.ts";

const ROOT = fileURLToPath(import.meta.resolve("../.."));
const BENCH = join("lab", "bench", "programs");
const PROGRAMS = [["request", 1], ["request", 5], ["request", 20], ["operations", 10], [
  "operations",
  10_000,
]] as const;

const [commit] = Deno.args;
if (commit === undefined) {
  console.error("usage: deno task bench:compare COMMIT");
  Deno.exit(2);
}
const folder = await Deno.makeTempDir();
try {
  const archive = join(folder, "files.tar");
  await outputOf(["git", "archive", `--output=${archive}`, commit], { cwd: ROOT });
  await outputOf(["tar", "-xf", archive, "-C", folder]);
  // The programs of today on both sides: only what they measure differs.
  await Deno.mkdir(join(folder, BENCH), { recursive: true });
  for (const { name } of Deno.readDirSync(join(ROOT, BENCH))) {
    await Deno.copyFile(join(ROOT, BENCH, name), join(folder, BENCH, name));
  }
  const titles = ["Deno", "Node.js 24"] as const;
  const now = await variants(titles);
  const before = await variants(titles, join(folder, BENCH));
  for (const [i, variant] of now.entries()) await compare(variant, before[i]!);
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function compare(now: Variant, before: Variant): Promise<void> {
  const rows: string[][] = [];
  for (const [program, variables] of PROGRAMS) {
    const args = [program, "contextvars", variables] as const;
    const measured = await interleave({
      now: now.command(...args),
      before: before.command(...args),
      again: before.command(...args),
    });
    for (const [what, rounds] of Object.entries(measured["now"]!)) {
      const [baseline, again] = ["before", "again"].map((name) => measured[name]![what]!);
      rows.push([
        what,
        whole(variables),
        significant(minimum(baseline!)),
        significant(minimum(rounds)),
        ratio(rounds, baseline!),
        ratio(again!, baseline!),
      ]);
    }
  }
  const head = [now.name, "variables", "before, ns", "now, ns", "**now to before**", "A/A"];
  console.log(table(head, rows).join("\n"));
}
