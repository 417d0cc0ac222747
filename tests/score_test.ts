/** What JSR's score asks of the package, as far as it can be checked before it is published. */

import {
  assert,
  assertArrayIncludes,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { fileURLToPath } from "node:url";
import * as contextvars from "@contextvars/contextvars";
import { type Documentation, undocumented, withAny } from "./consumer/documentation.ts";
import { denoInRepository, Project } from "./consumer/project.ts";

const MODULE = fileURLToPath(new URL("../mod.ts", import.meta.url));

/** A module with each fault once. */
const FAULTY = `
/** A class. */
export class Faulty {
  /** The only overload with a doc. */
  overloaded(): void;
  overloaded(value: number): void;
  overloaded(_value?: unknown): void {}
  [Symbol.dispose](): void {}
  #hidden: unknown;
  private constructor() {}
}
/** Options. */
export type Options = { first: boolean } | {
  /** The callback. */
  second: (value: any) => void;
};
export function bare(): void {}
`;

/** Reads what `deno doc` finds in a module. */
async function documentationOf(path: string): Promise<Documentation> {
  using project = new Project();
  const { success, output } = await project.deno("doc", "--quiet", "--json", path);
  assert(success, output);
  return JSON.parse(output);
}

async function documentationOfText(text: string): Promise<Documentation> {
  using project = new Project();
  await project.write("mod.ts", text);
  return await documentationOf(project.path("mod.ts"));
}

function read(path: string): Promise<string> {
  return Deno.readTextFile(new URL(`../${path}`, import.meta.url));
}

Deno.test("The score: every symbol, member and overload has a doc", async () => {
  assertEquals(undocumented(await documentationOf(MODULE)), []);
});

Deno.test("The score: a symbol, member or overload without a doc is found", async () => {
  assertEquals(undocumented(await documentationOfText(FAULTY)), [
    ".Faulty.overloaded",
    ".Faulty.[Symbol.dispose]",
    ".Options.first",
    ".bare",
  ]);
});

Deno.test("The public types do not name any", async () => {
  assertEquals(withAny(await documentationOf(MODULE)), []);
});

Deno.test("The public types are searched for any down to a callback's arguments", async () => {
  assertEquals(withAny(await documentationOfText(FAULTY)), [".Options.second.value"]);
});

Deno.test("The score: the module's doc has an example", async () => {
  const { nodes } = await documentationOf(MODULE);
  const [module] = Object.values(nodes);
  assertStringIncludes(module?.module_doc?.doc ?? "", '} from "@contextvars/contextvars";');
});

Deno.test("The score: deno.json states name, version, license and what is exported", async () => {
  const { name, version, license, exports } = JSON.parse(await read("deno.json"));
  assertEquals({ name, license, exports }, {
    name: "@contextvars/contextvars",
    license: "MIT",
    exports: "./mod.ts",
  });
  assertMatch(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/);
});

Deno.test("The score: the package is published with provenance", async () => {
  const workflow = await read(".github/workflows/publish.yml");
  assertMatch(workflow, /^permissions:\n(?: {2}.*\n)* {2}id-token: write\b/m);
  assertMatch(workflow, /- run: deno publish$/m);
});

Deno.test("The score: the public types are not slow to check", async () => {
  const { success, output } = await denoInRepository("publish", "--dry-run", "--allow-dirty");
  assert(success, output);
  assertStringIncludes(output, "Checking for slow types");
  assertNotMatch(output, /warning/i);
});

Deno.test("The documentation builds as HTML, with a page for each public name", async () => {
  using project = new Project();
  const options = ["--html", "--name=contextvars", "--output=html"];
  const { success, output } = await project.deno("doc", ...options, MODULE);
  assert(success, output);
  const pages = Array.from(Deno.readDirSync(project.path("html/~")), ({ name }) => name);
  assertArrayIncludes(pages, Object.keys(contextvars).map((name) => `${name}.html`));
});
