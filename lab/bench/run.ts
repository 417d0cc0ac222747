/**
 * Measures the module against a Map in an `AsyncLocalStorage` and CPython, and writes docs/benchmarks.md.
 *
 *     deno task bench [--under-load]
 */

import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { deno } from "../../tests/command.ts";
import { growth, tenThousand } from "./growth.ts";
import { imports } from "./imports.ts";
import { operations } from "./operations.ts";
import { requests } from "./requests.ts";
import { servers } from "./servers.ts";
import { bundle, variants } from "./variants.ts";

/** With more, other programs take the processors' time. */
const LOAD_LIMIT = 0.5;

const load = loadavg()[0]!;
const isLoaded = load > LOAD_LIMIT;
if (isLoaded && !Deno.args.includes("--under-load")) {
  console.error(
    `the load is ${
      load.toFixed(1)
    }: end other programs, and wait until it is below ${LOAD_LIMIT}; ` +
      "--under-load measures all the same, and the page says so",
  );
  Deno.exit(1);
}

const folder = await Deno.makeTempDir();
try {
  await bundle(folder);
  const asTheyAre = await variants(["Deno", "Node.js 24", "Node.js 26", "Bun"]);
  const old = await variants(["Node.js 20", "Node.js 22"], folder, "mjs");
  const bundled = await variants(["Node.js 24", "Node.js 26"], folder, "mjs");
  const [onDeno, onNode] = asTheyAre;
  const page = [
    "# What was measured",
    "",
    "Written by `deno task bench`. In the repository, lab/bench/README.md says how it measures.",
    "",
    ...isLoaded
      ? ["**Measured under load: believe a figure only as far as its A/A ratio.**", ""]
      : [],
    `- Machine: ${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${Deno.build.target}.`,
    `- Load when it began: ${load.toFixed(2)}.`,
    `- Date: ${new Date().toISOString().slice(0, 10)}.`,
    "",
    ...await requests([...asTheyAre, ...bundled]),
    ...await operations([onDeno!, onNode!]),
    ...await growth(onDeno!),
    ...await tenThousand([...asTheyAre, ...old]),
    ...await servers(onDeno!),
    ...await imports(folder),
  ];
  const path = fileURLToPath(import.meta.resolve("../../docs/benchmarks.md"));
  await Deno.writeTextFile(path, page.join("\n"));
  await deno(["fmt", path]);
} finally {
  await Deno.remove(folder, { recursive: true });
}
