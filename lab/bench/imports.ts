/** What importing the module costs, in time and size: a section of docs/benchmarks.md. */

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { deno } from "../../tests/command.ts";
import { significant } from "./interleave.ts";

const STARTS = 20;
const MODULE = import.meta.resolve("../../mod.ts");

/** Measures on the Deno that runs this, with programs that it writes into the folder. */
export async function imports(folder: string): Promise<string> {
  console.log("imports");
  const programs = { empty: "", hooks: `import "node:async_hooks";`, all: `import "${MODULE}";` };
  const best: Record<string, number> = {};
  for (let start = 0; start < STARTS; start++) {
    for (const [name, program] of Object.entries(programs)) {
      const path = join(folder, `${name}.ts`);
      await Deno.writeTextFile(path, program);
      const begin = performance.now();
      await deno(["run", path]);
      best[name] = Math.min(best[name] ?? Infinity, performance.now() - begin);
    }
  }
  const bundle = join(folder, "bundle.js");
  await deno(["bundle", "--quiet", "--minify", `--output=${bundle}`, MODULE]);
  const minified = await Deno.readFile(bundle);
  const [all, hooks] = ["all", "hooks"].map((it) => significant(best[it]! - best["empty"]!));
  return `## The import

- A program that imports the module starts ${all} ms later on Deno; one that imports
  \`node:async_hooks\` alone, ${hooks} ms.
- Minified it has ${significant(minified.length)} bytes,
  ${significant(gzipSync(minified).length)} gzipped.`;
}
