/**
 * The types that npm's users get, under TypeScript's own compiler: its oldest version that the
 * package is for, and its newest.
 *
 * `using` came with TypeScript 5.2, and so did the `Symbol.dispose` that the types name: a consumer
 * has it from the library `esnext.disposable`, or from `@types/node`. The `deno pack` of Deno 2.9.5
 * and older loses members such as `[Symbol.dispose]` (denoland/deno#36567): these tests need 2.9.6.
 */

import { assertEquals } from "@std/assert";
import { Project, type Result } from "./project.ts";
import { installPackage } from "./npm_package.ts";

const OLDEST = "typescript-oldest@npm:typescript@5.2";
const NEWEST = "typescript-newest@npm:typescript@latest";

const NODENEXT = ["--module", "nodenext", "--moduleResolution", "nodenext"];
const BUNDLER = ["--module", "esnext", "--moduleResolution", "bundler"];

const ACCEPTED: Result = { success: true, output: "" };

const project = new Project();
globalThis.addEventListener("unload", () => project[Symbol.dispose]());
await install();

/** Installs the package and the compilers with npm, as a consumer does. */
async function install(): Promise<void> {
  await project.write("package.json", '{ "private": true, "type": "module" }');
  await project.copy("types/tsconfig.json", "tsconfig.json");
  await project.copy("types/consumer.ts", "consumer.ts");
  await installPackage(project.path("."), OLDEST, NEWEST);
}

/** Runs a compiler over the consumer's project. */
function tsc(
  compiler: "typescript-oldest" | "typescript-newest",
  options: string[],
): Promise<Result> {
  const program = `node_modules/${compiler}/bin/tsc`;
  return project.deno("run", "-A", program, "--project", "tsconfig.json", ...options);
}

Deno.test("The types hold under the oldest TypeScript, with nodenext", async () => {
  assertEquals(await tsc("typescript-oldest", NODENEXT), ACCEPTED);
});

Deno.test("The types hold under the oldest TypeScript, with bundler", async () => {
  assertEquals(await tsc("typescript-oldest", BUNDLER), ACCEPTED);
});

Deno.test("The types hold under the newest TypeScript, with nodenext", async () => {
  assertEquals(await tsc("typescript-newest", NODENEXT), ACCEPTED);
});

Deno.test("The types hold under the newest TypeScript, with bundler", async () => {
  assertEquals(await tsc("typescript-newest", BUNDLER), ACCEPTED);
});
