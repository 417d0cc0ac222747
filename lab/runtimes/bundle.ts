/**
 * Makes a program of each `tests/*_test.ts`, which runs that file's tests on any runtime.
 *
 * Deno's bundler resolves what the tests import; esbuild lowers `using`, which Node.js 22 cannot
 * read, and puts program.ts in the place of `Deno.test`.
 */

import * as esbuild from "npm:esbuild@0.25.12";
import { join } from "node:path";
import { deno } from "../../tests/command.ts";
import { importMapFlags } from "../../tests/with_std.ts";
import { workerConfig } from "./worker_config.ts";

const HERE = import.meta.dirname!;
const TESTS = join(HERE, "../../tests");
const PACKAGE = ["@contextvars/contextvars", "@contextvars/contextvars/*"];

/**
 * Old on purpose: the module needs nothing newer. From this date on nodejs_compat includes
 * nodejs_compat_v2, and is what people now know by that name. @std/assert asks for WeakRef.
 */
const WORKER = ["2024-09-23", ["nodejs_compat", "enable_weak_ref"]] as const;

/**
 * Writes the programs into a folder in which the package is installed: `NAME.mjs`, which imports
 * the package; `NAME.worker.mjs`, which contains it as what Wrangler makes does, and `NAME.capnp`
 * for workerd.
 *
 * @returns The programs' names.
 */
export async function bundleTests(folder: string): Promise<string[]> {
  const names = Array.from(Deno.readDirSync(TESTS), ({ name }) => name)
    .filter((name) => name.endsWith("_test.ts")).map((name) => name.slice(0, -".ts".length));
  const options = [...PACKAGE.map((it) => `--external=${it}`), `--outdir=${join(folder, "tests")}`];
  const files = names.map((name) => join(TESTS, `${name}.ts`));
  await deno(["bundle", "--quiet", ...await importMapFlags(), ...options, ...files]);
  const program = JSON.stringify(join(HERE, "program.ts"));
  for (const name of names) {
    const entry = `import "./tests/${name}.js";
      import program from ${program};
      export default program;
      if (!("WebSocketPair" in globalThis)) await program.test(); // workerd calls it itself`;
    await Deno.writeTextFile(join(folder, `${name}.entry.js`), entry);
    const config = workerConfig(`${name}.worker.mjs`, ...WORKER);
    await Deno.writeTextFile(join(folder, `${name}.capnp`), config);
  }
  await Deno.copyFile(join(HERE, "async_context.mjs"), join(folder, "async_context.mjs"));
  await lower(folder, names, ".mjs", PACKAGE);
  await lower(folder, names, ".worker.mjs", []);
  await esbuild.stop();
  return names;
}

async function lower(folder: string, names: string[], extension: string, external: string[]) {
  await esbuild.build({
    absWorkingDir: folder,
    entryPoints: names.map((name) => ({ in: `${name}.entry.js`, out: name })),
    outdir: ".",
    outExtension: { ".js": extension },
    bundle: true,
    format: "esm",
    target: "es2022",
    keepNames: true,
    external: ["node:*", ...external],
    inject: [join(HERE, "program.ts")],
    define: { "Deno.test": "registerTest" },
  });
}
