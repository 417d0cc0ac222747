/** The lint plugin as a consumer has it: by ESLint 9 and 10 from npm, and by `deno lint`. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../tests/command.ts";
import { PRELUDE, SNIPPETS } from "../lint/snippets.ts";
import { installRuntimes } from "../runtimes/install.ts";
import { installPackage } from "./npm_package.ts";
import { Project } from "./project.ts";
import { packageFiles, Registry } from "./registry.ts";

const PAGE = await Deno.readTextFile(new URL("../../docs/mistakes.md", import.meta.url));

const project = new Project();
const dependencies = {
  eslint9: "npm:eslint@9.39.2",
  eslint10: "npm:eslint@10.15.0",
  "@typescript-eslint/parser": "8.74.0",
  typescript: "5.9.3",
};

const WRONG = Object.entries(SNIPPETS).flatMap(([rule, { wrong }]) =>
  wrong.map((it) => ({ rule, program: PRELUDE + it }))
);
const RIGHT = Object.values(SNIPPETS).flatMap(({ right }) => right.map((it) => PRELUDE + it));

Deno.test.beforeAll(async () => {
  await project.write("package.json", JSON.stringify({ type: "module", dependencies }));
  const [, config] = /```js ignore\n(.*?)```/s.exec(PAGE)!;
  await project.write("eslint.config.js", config!);
  await project.copy("lint.mjs");
  await installPackage(project.path);
});

Deno.test.afterAll(() => project[Symbol.dispose]());

/** Lints programs with an ESLint and the page's configuration, on Node.js. */
async function lint(eslint: string, programs: string[]): Promise<string[][]> {
  const { available: [node] } = await installRuntimes(["Node.js 24"]);
  await project.write("programs.json", JSON.stringify(programs));
  const command = [...node!.command, "lint.mjs", eslint, "programs.json"];
  const { stdout, stderr } = await run(command, { cwd: project.path });
  return JSON.parse(stdout || JSON.stringify(stderr));
}

for (const eslint of ["eslint9", "eslint10"]) {
  Deno.test(`The rules report under ${eslint} what they report under deno lint`, async () => {
    const reported = await lint(eslint, WRONG.map(({ program }) => program));
    const missed = WRONG.filter(({ rule }, at) => !reported[at]!.includes(`contextvars/${rule}`));
    assertEquals(missed, []);
    assertEquals((await lint(eslint, RIGHT)).flat(), []);
  });
}

Deno.test("The plugin and its configuration fit ESLint's types", async () => {
  await project.write(
    "config.ts",
    `import type { ESLint, Linter } from "eslint10";
     import contextvars from "@contextvars/contextvars/lint";
     export const config: Linter.Config[] = [contextvars.configs.recommended];
     export const plugin: ESLint.Plugin = contextvars;`,
  );
  const checked = await project.deno("check", "--quiet", "config.ts");
  assertEquals(checked, { success: true, output: "" });
});

Deno.test("deno lint takes the plugin from JSR by the page's line, and mends", async () => {
  await using registry = new Registry();
  registry.publish("0.1.0", await packageFiles());
  using consumer = new Project(registry.url);
  const [, config] = /```json\n(.*?)```/s.exec(PAGE)!;
  await consumer.write("deno.json", config!);
  const [wrong] = SNIPPETS["mutable-default"]!.wrong;
  await consumer.write(
    "main.ts",
    `import { ContextVar } from "@contextvars/contextvars";\n${wrong}`,
  );
  const { output } = await consumer.deno("lint", "main.ts");
  assertStringIncludes(output, "error[contextvars/mutable-default]");
  assertEquals((await consumer.deno("lint", "--fix", "main.ts")).success, true);
});
