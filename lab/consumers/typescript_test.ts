/**
 * The types that npm's users get, under TypeScript's own compiler: its oldest version that the
 * package is for, and its newest.
 *
 * `using` came with TypeScript 5.2, and so did the `Symbol.dispose` that the types name: a consumer
 * has it from the library `esnext.disposable`, or from `@types/node`. The `deno pack` of Deno 2.9.5
 * and older loses members such as `[Symbol.dispose]` (denoland/deno#36567).
 */

import { assertEquals } from "@std/assert";
import { runDeno } from "../../tests/command.ts";
import { needsDeno } from "../../tests/needs_deno.ts";
import { installPackage } from "../npm.ts";
import { Project } from "./project.ts";

const COMPILERS = { oldest: "npm:typescript@5.2.2/tsc", newest: "npm:typescript@7.0.2/tsc" };

const MODULES = { nodenext: "nodenext", bundler: "esnext" };

const OPTIONS = {
  target: "es2022",
  lib: ["es2022", "esnext.disposable"],
  types: [],
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
};

const NEEDS_PACK = needsDeno("2.9.6");

const project = new Project();

Deno.test.beforeAll(async () => {
  await installPackage(project.path, { "expect-type": "1.4.0" });
  await project.copy("types.ts");
});

Deno.test.afterAll(() => project[Symbol.dispose]());

for (const [age, compiler] of Object.entries(COMPILERS)) {
  for (const [moduleResolution, module] of Object.entries(MODULES)) {
    const name = `The types hold under the ${age} TypeScript, with ${moduleResolution}`;
    Deno.test(name, NEEDS_PACK, async () => {
      const compilerOptions = { ...OPTIONS, module, moduleResolution };
      const config = { compilerOptions, files: ["types.ts"] };
      await project.write("tsconfig.json", JSON.stringify(config));
      const compile = ["run", "--quiet", "-A", compiler, "--project", project.path];
      assertEquals(await runDeno(compile), { code: 0, stdout: "", stderr: "" });
    });
  }
}
