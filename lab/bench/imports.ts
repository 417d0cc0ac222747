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
  const best = { empty: Infinity, hooks: Infinity, all: Infinity };
  for (let start = 0; start < STARTS; start++) {
    for (const name of ["empty", "hooks", "all"] as const) {
      const path = join(folder, `${name}.ts`);
      await Deno.writeTextFile(path, programs[name]);
      const begin = performance.now();
      await deno(["run", path]);
      best[name] = Math.min(best[name], performance.now() - begin);
    }
  }
  const bundle = join(folder, "bundle.js");
  await deno(["bundle", "--quiet", "--minify", `--output=${bundle}`, MODULE]);
  const minified = await Deno.readFile(bundle);
  const [all, hooks] = [best.all, best.hooks].map((time) => significant(time - best.empty));
  return `## The import

- A program that imports the module starts ${all} ms later on Deno; one that imports
  \`node:async_hooks\` alone, ${hooks} ms.
- Minified it has ${significant(minified.length)} bytes,
  ${significant(gzipSync(minified).length)} gzipped.`;
}
