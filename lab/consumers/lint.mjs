/** Lints programs with the page's eslint.config.js: `node lint.mjs ESLINT programs.json` prints the rules for each. */

import { readFile } from "node:fs/promises";

const [, , name, file] = process.argv;
const { ESLint } = await import(name);
const eslint = new ESLint();
const found = [];
for (const text of JSON.parse(await readFile(file, "utf8"))) {
  const [{ messages }] = await eslint.lintText(text, { filePath: "main.ts" });
  found.push(messages.map(({ ruleId, message }) => ruleId ?? message));
}
console.log(JSON.stringify(found));
