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
import { installPackage } from "./npm_package.ts";
import { Project } from "./project.ts";

const COMPILERS = { oldest: "npm:typescript@5.2.2/tsc", newest: "npm:typescript@7.0.2/tsc" };

const OPTIONS = "--noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess " +
  "--target es2022 --lib es2022,esnext.disposable";
const MODULES = {
  nodenext: "--module nodenext --moduleResolution nodenext",
  bundler: "--module esnext --moduleResolution bundler",
};

const NEEDS_PACK = needsDeno("2.9.6");

const project = new Project();

Deno.test.beforeAll(async () => {
  await installPackage(project.path, { "expect-type": "1.4.0" });
  await project.copy("types.ts");
});

Deno.test.afterAll(() => project[Symbol.dispose]());

for (const [age, compiler] of Object.entries(COMPILERS)) {
  for (const [name, modules] of Object.entries(MODULES)) {
    Deno.test(`The types hold under the ${age} TypeScript, with ${name}`, NEEDS_PACK, async () => {
      const options = `${OPTIONS} ${modules}`.split(" ");
      const compile = ["run", "--quiet", "-A", compiler, ...options, project.file("types.ts")];
      assertEquals(await runDeno(compile), { code: 0, stdout: "", stderr: "" });
    });
  }
}
