/**
 * Measures what importing this module costs: the time of a fresh process with the import, less that
 * of one without, and the size.
 *
 *     deno run -A lab/bench/import_cost.ts
 */

import { fileURLToPath } from "node:url";
import { deno } from "../../tests/command.ts";
import { median } from "./peers/figures.ts";

const STARTS = 41;

/** What an import costs. */
export interface ImportCost {
  /** The median of the differences, in milliseconds; `node:async_hooks` is in it. */
  readonly milliseconds: number;
  /** The same for a module that imports `node:async_hooks` and nothing else. */
  readonly bareMilliseconds: number;
  /** The bytes of the source files. */
  readonly source: number;
  /** The bytes of the minified bundle. */
  readonly minified: number;
  /** The bytes of the minified bundle after gzip. */
  readonly gzip: number;
}

/** Measures the cost on the Deno that runs this. */
export async function importCost(): Promise<ImportCost> {
  const folder = await Deno.makeTempDir();
  try {
    const empty = await write(`${folder}/empty.ts`, "");
    const bare = await write(`${folder}/bare.ts`, `import "node:async_hooks";`);
    const full = await write(
      `${folder}/full.ts`,
      `import "${import.meta.resolve("../../mod.ts")}";`,
    );
    return { ...await times(empty, bare, full), ...await sizes(`${folder}/bundle.js`) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function times(
  empty: string,
  bare: string,
  full: string,
): Promise<Pick<ImportCost, "milliseconds" | "bareMilliseconds">> {
  for (const path of [empty, bare, full]) await start(path); // fills the cache of compiled code
  const differences: number[] = [];
  const bareDifferences: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const without = await start(empty);
    bareDifferences.push(await start(bare) - without);
    differences.push(await start(full) - without);
  }
  return { milliseconds: median(differences), bareMilliseconds: median(bareDifferences) };
}

async function sizes(bundle: string): Promise<Pick<ImportCost, "source" | "minified" | "gzip">> {
  const entry = fileURLToPath(import.meta.resolve("../../mod.ts"));
  const info = JSON.parse(await deno(["info", "--json", entry]));
  const source = (info.modules as { size?: number }[])
    .reduce((sum, module) => sum + (module.size ?? 0), 0);
  await deno(["bundle", "--quiet", "--minify", `--output=${bundle}`, entry]);
  const code = await Deno.readFile(bundle);
  const packed = new Blob([code]).stream().pipeThrough(new CompressionStream("gzip"));
  const { byteLength } = await new Response(packed).arrayBuffer();
  return { source, minified: code.byteLength, gzip: byteLength };
}

/** Returns the milliseconds from the start of a process to its end. */
async function start(path: string): Promise<number> {
  const begin = performance.now();
  await deno(["run", "--no-check", path]);
  return performance.now() - begin;
}

async function write(path: string, text: string): Promise<string> {
  await Deno.writeTextFile(path, text);
  return path;
}

if (import.meta.main) console.log(await importCost());
