/** The lint plugin as a consumer has it: by ESLint 9 and 10 from npm, and by `deno lint`. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { basename } from "node:path";
import { run } from "../../tests/command.ts";
import { PRELUDE, SNIPPETS } from "../lint/snippets.ts";
import { installRuntimes } from "../runtimes/install.ts";
import { installPackage } from "../npm.ts";
import { Project } from "./project.ts";
import { packageFiles, Registry } from "./registry.ts";

const PAGE = await Deno.readTextFile(new URL("../../docs/mistakes.md", import.meta.url));

const DEPENDENCIES = {
  eslint9: "npm:eslint@9.39.2",
  eslint10: "npm:eslint@10.15.0",
  "@typescript-eslint/parser": "8.74.0",
  typescript: "5.9.3",
};

const project = new Project();

Deno.test.beforeAll(async () => {
  await installPackage(project.path, DEPENDENCIES);
  const [, config] = /```js ignore\n(.*?)```/s.exec(PAGE)!;
  await project.write("eslint.config.js", config!);
  for (const [rule, { wrong, right }] of Object.entries(SNIPPETS)) {
    for (const [kind, snippets] of Object.entries({ wrong, right })) {
      for (const [i, snippet] of snippets.entries()) {
        await project.write(`${kind} ${rule} ${i}.ts`, PRELUDE + snippet);
      }
    }
  }
});

Deno.test.afterAll(() => project[Symbol.dispose]());

/** Lints the snippets on Node.js; returns the rules that report each, by its file's name. */
async function lint(eslint: string): Promise<[name: string, rules: string[]][]> {
  const [node] = await installRuntimes(["Node.js 24"]);
  const program = `node_modules/${eslint}/bin/eslint.js`;
  const command = [...node!.command, program, "--format=json", "{wrong,right}*.ts"];
  const { stdout, stderr } = await run(command, { cwd: project.path });
  if (stderr !== "") throw new Error(stderr);
  const results: { filePath: string; messages: { ruleId: string }[] }[] = JSON.parse(stdout);
  return results.map((it) => [basename(it.filePath), it.messages.map(({ ruleId }) => ruleId)]);
}

for (const eslint of ["eslint9", "eslint10"]) {
  Deno.test(`The rules report under ${eslint} what they report under deno lint`, async () => {
    const unlike = (await lint(eslint)).filter(([name, rules]) => {
      const [kind, rule] = name.split(" ");
      return kind === "wrong" ? !rules.includes(`contextvars/${rule}`) : rules.length > 0;
    });
    assertEquals(unlike, []);
  });
}

Deno.test("The plugin and its configuration fit ESLint's types", async () => {
  const config = `import type { ESLint, Linter } from "eslint10";
    import contextvars from "@contextvars/contextvars/lint";
    export const config: Linter.Config[] = [contextvars.configs.recommended];
    export const plugin: ESLint.Plugin = contextvars;`;
  await project.write("config.ts", config);
  const checked = await project.deno("check", "--quiet", "config.ts");
  assertEquals(checked, { code: 0, stdout: "", stderr: "" });
});

Deno.test("deno lint takes the plugin from JSR by the page's line, and mends", async () => {
  await using registry = new Registry();
  registry.publish("0.1.0", await packageFiles());
  using consumer = new Project(registry.url);
  const [, config] = /```json\n(.*?)```/s.exec(PAGE)!;
  await consumer.write("deno.json", config!);
  const [wrong] = SNIPPETS["mutable-default"]!.wrong;
  const program = `import { ContextVar } from "@contextvars/contextvars";\n${wrong}`;
  await consumer.write("main.ts", program);
  const { stderr } = await consumer.deno("lint", "main.ts");
  assertStringIncludes(stderr, "error[contextvars/mutable-default]");
  assertEquals((await consumer.deno("lint", "--fix", "main.ts")).code, 0);
});
