/** Lints programs with the package's plugin: `node lint.mjs ESLINT programs.json` prints the rules for each. */

import { readFile } from "node:fs/promises";
import contextvars from "@contextvars/contextvars/lint";

const [, , name, file] = process.argv;
const packages = [name, "@typescript-eslint/parser"].map((it) => import(it));
const [{ ESLint }, parser] = await Promise.all(packages);
const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    contextvars.configs.recommended,
    { files: ["**/*.ts"], languageOptions: { parser } },
  ],
});
const found = [];
for (const text of JSON.parse(await readFile(file, "utf8"))) {
  const [{ messages }] = await eslint.lintText(text, { filePath: "main.ts" });
  found.push(messages.map(({ ruleId, message }) => ruleId ?? message));
}
console.log(JSON.stringify(found));
