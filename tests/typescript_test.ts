/**
 * The types that npm's users get, under TypeScript's own compiler: its oldest version that the
 * package is for, and its newest.
 *
 * `using` came with TypeScript 5.2, and so did the `Symbol.dispose` that the types name.
 */

import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { Project, type Result } from "./consumer/project.ts";
import { test } from "./helpers.ts";

const NPM = "npm:npm@11";
const OLDEST = "typescript-oldest@npm:typescript@5.2";
const NEWEST = "typescript-newest@npm:typescript@latest";

const NODENEXT = ["--module", "nodenext", "--moduleResolution", "nodenext"];
const BUNDLER = ["--module", "esnext", "--moduleResolution", "bundler"];

const project = await makeProject();
globalThis.addEventListener("unload", () => project[Symbol.dispose]());

/** Installs the package and the compilers with npm, as a consumer does. */
async function makeProject(): Promise<Project> {
  const project = new Project();
  await project.write("package.json", '{ "private": true, "type": "module" }');
  await project.copy("types/tsconfig.json", "tsconfig.json");
  await project.copy("types/consumer.ts", "consumer.ts");
  const tarball = project.path("package.tgz");
  const packed = await new Deno.Command(Deno.execPath(), {
    args: ["pack", "--quiet", "--allow-dirty", "--output", tarball],
    cwd: fileURLToPath(new URL("..", import.meta.url)),
  }).output();
  assert(packed.success, new TextDecoder().decode(packed.stderr));
  const options = ["--no-audit", "--no-fund", "--cache=npm-cache"];
  const installed = await project.deno(
    ...["run", "-A", NPM, "install", ...options, tarball, OLDEST, NEWEST],
  );
  assert(installed.success, installed.output);
  return project;
}

function tsc(compiler: "typescript-oldest" | "typescript-newest", options: string[]) {
  const program = `node_modules/${compiler}/bin/tsc`;
  return project.deno("run", "-A", program, "--project", "tsconfig.json", ...options);
}

const accepted: Result = { success: true, output: "" };

test("The types hold under the oldest TypeScript, with nodenext", async () => {
  assertEquals(await tsc("typescript-oldest", NODENEXT), accepted);
});

test("The types hold under the oldest TypeScript, with bundler", async () => {
  assertEquals(await tsc("typescript-oldest", BUNDLER), accepted);
});

test("The types hold under the newest TypeScript, with nodenext", async () => {
  assertEquals(await tsc("typescript-newest", NODENEXT), accepted);
});

test("The types hold under the newest TypeScript, with bundler", async () => {
  assertEquals(await tsc("typescript-newest", BUNDLER), accepted);
});
