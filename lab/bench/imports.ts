/** What importing the module costs, in time and size: the section of docs/benchmarks.md. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deno } from "../../tests/command.ts";
import { significant } from "./interleave.ts";

const STARTS = 20;
const MODULE = fileURLToPath(import.meta.resolve("../../mod.ts"));

/** Measures on the Deno that runs this, and returns the section. */
export async function imports(folder: string): Promise<string[]> {
  console.log("imports");
  const programs = {
    empty: "",
    bare: `import "node:async_hooks";`,
    full: `import ${JSON.stringify(import.meta.resolve("../../mod.ts"))};`,
  };
  const best = { empty: Infinity, bare: Infinity, full: Infinity };
  for (let start = 0; start < STARTS; start++) {
    for (const name of ["empty", "bare", "full"] as const) {
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
  const gzip = new Blob([minified]).stream().pipeThrough(new CompressionStream("gzip"));
  const { byteLength } = await new Response(gzip).arrayBuffer();
  return [
    "## The import",
    "",
    `- A program that imports the module starts ${significant(best.full - best.empty)} ms later on`,
    `  Deno; one that imports \`node:async_hooks\` alone, ${
      significant(best.bare - best.empty)
    } ms.`,
    `- Minified it has ${significant(minified.length)} bytes, ${significant(byteLength)} gzipped.`,
    "",
  ];
}
