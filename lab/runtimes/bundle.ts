/**
 * Makes a program of each `tests/*_test.ts`, which runs that file's tests on any runtime.
 *
 * Deno's bundler resolves what the tests import; esbuild lowers `using`, which Node.js 22 cannot
 * read, and puts a registry of its own in the place of `Deno.test`.
 */

import * as esbuild from "npm:esbuild@0.25.12";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deno } from "../../tests/command.ts";
import { importMapFlags } from "../../tests/with_std.ts";

const TESTS = new URL("../../tests/", import.meta.url);
const PACKAGE = "@contextvars/contextvars";

/** What shows that a file is about Deno alone. */
const DENO_API = /\bDeno\.(?!test\b)\w+/;

/** Returns the configuration of a worker that `workerd test` runs. */
export function workerConfig(file: string, date: string, flags: readonly string[]): string {
  return `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);
    const worker :Workerd.Worker = (
      modules = [(name = "worker", esModule = embed "${file}")],
      compatibilityDate = "${date}",
      compatibilityFlags = ${JSON.stringify(flags)},
    );`;
}

/**
 * Writes the programs into a folder in which the package is installed: `NAME.mjs`, which imports
 * the package, for start.mjs; `NAME.worker.mjs`, which contains it as what Wrangler makes does, and
 * `NAME.capnp` for workerd.
 *
 * @returns The programs' names.
 */
export async function bundleTests(folder: string): Promise<string[]> {
  const names = listTests();
  const options = [
    `--external=${PACKAGE}`,
    `--external=${PACKAGE}/*`,
    "--outdir",
    join(folder, "tests"),
  ];
  const files = names.map((name) => fileURLToPath(new URL(`${name}.ts`, TESTS)));
  await deno(["bundle", "--quiet", ...await importMapFlags(), ...options, ...files]);
  for (const name of names) await Deno.writeTextFile(join(folder, `${name}.entry.js`), entry(name));
  for (const name of names) {
    // Old on purpose: the module needs nothing newer. From this date on nodejs_compat includes
    // nodejs_compat_v2, and is what people now know by that name. @std/assert asks for WeakRef.
    const config = workerConfig(`${name}.worker.mjs`, "2024-09-23", [
      "nodejs_compat",
      "enable_weak_ref",
    ]);
    await Deno.writeTextFile(join(folder, `${name}.capnp`), config);
  }
  for (const file of ["start.mjs", "async_context.mjs"]) {
    await Deno.copyFile(here(file), join(folder, file));
  }
  await lower(folder, names, ".mjs", [PACKAGE, `${PACKAGE}/*`]);
  await lower(folder, names, ".worker.mjs", []);
  await esbuild.stop();
  return names;
}

/** Lists the tests by their files' names, without those that need an API of Deno. */
function listTests(): string[] {
  return Array.from(Deno.readDirSync(TESTS), ({ name }) => name)
    .filter((name) => name.endsWith("_test.ts"))
    .filter((name) => {
      const [api] = DENO_API.exec(Deno.readTextFileSync(new URL(name, TESTS))) ?? [];
      if (api !== undefined) console.log(`tests/${name} is for Deno alone: it uses ${api}`);
      return api === undefined;
    })
    .map((name) => name.slice(0, -".ts".length))
    .sort();
}

function entry(name: string): string {
  const program = JSON.stringify(here("program.ts"));
  return `import "./tests/${name}.js";\nexport { default } from ${program};\n`;
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
    inject: [here("registry.ts")],
    define: { "Deno.test": "registerTest" },
  });
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
