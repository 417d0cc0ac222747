/**
 * Measures the module against a Map in an `AsyncLocalStorage` and CPython, and writes docs/benchmarks.md.
 *
 *     deno task bench [--under-load]
 */

import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { deno } from "../../tests/command.ts";
import { TemporaryFolder } from "../../tests/temporary_folder.ts";
import { imports } from "./imports.ts";
import { growth, operations, requests, servers, tenThousand } from "./tables.ts";
import { PROGRAMS, variants } from "./variants.ts";

const PAGE = join(import.meta.dirname!, "../../docs/benchmarks.md");

/** With more, other programs take the processors' time. */
const LOAD_LIMIT = 0.5;

const load = loadavg()[0]!;
const isLoaded = load > LOAD_LIMIT;
if (isLoaded && !Deno.args.includes("--under-load")) {
  const [is, limit] = [load.toFixed(1), LOAD_LIMIT];
  console.error(`the load is ${is}: end other programs, and wait until it is below ${limit};`);
  console.error("--under-load measures all the same, and the page says so");
  Deno.exit(1);
}

using folder = new TemporaryFolder();
const bundle = folder.file("main.mjs"); // by esbuild, which is in Deno
await deno(["bundle", "--quiet", `--output=${bundle}`, join(PROGRAMS, "main.ts")]);
const asTheyAre = await variants(["Deno", "Node.js 24", "Node.js 26", "Bun"]);
const old = await variants(["Node.js 20", "Node.js 22"], bundle);
const bundled = await variants(["Node.js 24", "Node.js 26"], bundle);
const [onDeno, onNode] = asTheyAre;
const page = `# What was measured

Written by \`deno task bench\`. In the repository, lab/bench/README.md says how it measures.

${isLoaded ? "**Measured under load: believe a figure only as far as its A/A ratio.**\n" : ""}
- Machine: ${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${Deno.build.target}.
- Load when it began: ${load.toFixed(2)}.
- Date: ${new Date().toISOString().slice(0, 10)}.

${await requests([...asTheyAre, ...bundled])}
${await operations([onDeno!, onNode!])}
${await growth(onDeno!)}
${await tenThousand([...asTheyAre, ...old])}
${await servers(onDeno!)}
${await imports(folder.path)}
`;
await Deno.writeTextFile(PAGE, page);
await deno(["fmt", PAGE]);
