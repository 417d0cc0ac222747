import { assert, assertEquals } from "@std/assert";
import plugin from "@contextvars/contextvars/lint";

const PAGE = await Deno.readTextFile(new URL("../../docs/mistakes.md", import.meta.url));

/** A rule's section of the page: its name, the wrong program and the right one. */
const SECTIONS = Array.from(
  PAGE.matchAll(
    /^### ([a-z-]+)\n.*?^Wrong:\n+```ts ignore\n(.*?)```.*?^Right:\n+```ts ignore\n(.*?)```/gms,
  ),
  ([, rule, wrong, right]) => ({ rule: rule!, wrong: wrong!, right: right! }),
);

/** What the plugin reports of a program, each rule once. */
function rulesFor(program: string, file = "main.ts"): string[] {
  const found = Deno.lint.runPlugin(plugin, file, program);
  return [...new Set(found.map(({ id }) => id.replace("contextvars/", "")))];
}

/** The program with all fixes, which do not overlap. */
function fixed(program: string): string {
  const fixes = Deno.lint.runPlugin(plugin, "main.ts", program).flatMap(({ fix }) => fix ?? []);
  return fixes.sort((a, b) => b.range[0] - a.range[0])
    .reduce(
      (text, { range: [from, to], text: put }) => text.slice(0, from) + put + text.slice(to),
      program,
    );
}

Deno.test("docs/mistakes.md has a section for each rule", () => {
  assertEquals(SECTIONS.map(({ rule }) => rule).sort(), Object.keys(plugin.rules).sort());
});

for (const { rule, wrong, right } of SECTIONS) {
  Deno.test(`${rule} reports the page's wrong program alone`, () => {
    assertEquals(rulesFor(wrong), [rule]);
    assertEquals(rulesFor(right), []);
  });
}

const MENDED =
  "concurrent-set copied-handler unbound-generator return-await mutable-default unbound-listener";

for (const rule of MENDED.split(" ")) {
  Deno.test(`${rule} mends what it reports`, () => {
    const { wrong } = SECTIONS.find((it) => it.rule === rule)!;
    const program = fixed(wrong.replace("{ ContextVar", "{ Context, copyContext, ContextVar"));
    assert(program !== wrong);
    assertEquals(rulesFor(program), []);
  });
}

Deno.test("the plugin knows a variable that a file beside the linted one exports", async () => {
  const folder = await Deno.makeTempDir();
  const text = `export const user = new ContextVar("user");`;
  await Deno.writeTextFile(`${folder}/variables.ts`, `import "@contextvars/contextvars";\n${text}`);
  const program = `import { user } from "./variables.js"; user.set("x");`;
  assertEquals(rulesFor(program, `${folder}/main.ts`), ["outside-task"]);
  assertEquals(rulesFor(program, `${folder}/elsewhere/main.ts`), []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the plugin looks at nothing where the library is not used", () => {
  const context = { sourceCode: { text: "const map = new Map(); map.set(1, 2);", ast: {} } };
  assertEquals(
    Object.values(plugin.rules).map(({ create }) => create(context)),
    SECTIONS.map(() => ({})),
  );
});

Deno.test("ESLint gets the hint in the message, and a configuration with all rules", () => {
  const { plugins, rules } = plugin.configs.recommended;
  assertEquals(Object.keys(rules), Object.keys(plugin.rules).map((it) => `contextvars/${it}`));
  assertEquals(plugins, { contextvars: plugin });
});

// Deno calls its API for plugins unstable. If this fails, Deno has changed what the rules build on.
Deno.test("Deno.lint gives the rules what they ask of it", () => {
  const seen: string[] = [];
  // deno-lint-ignore no-explicit-any
  const note = (it: any) => {
    seen.push([it.type, it.parent.type, it.range, it.key?.name ?? it.kind ?? it.await].join());
  };
  const rule: Deno.lint.Rule = {
    create: (context) => ({
      "MethodDefinition, PropertyDefinition, Property, VariableDeclaration": note,
      "TSParameterProperty, ForOfStatement": note,
      "Program:exit"(node) {
        const { filename, sourceCode } = context;
        seen.push([filename, node === sourceCode.ast, sourceCode.getText(node.body[1])].join());
        const fix = (fixer: Deno.lint.Fixer) => [fixer.replaceText(node.body[1]!, ";")];
        context.report({ node: node.body[1]!, message: "m", hint: "h", fix });
      },
    }),
  };
  const program = "class A { #a = 1; constructor(readonly b: B) {} }\n" +
    "using c = { d }; for await (const e of f) ;";
  const found = Deno.lint.runPlugin({ name: "p", rules: { rule } }, "main.ts", program);
  assertEquals(seen, [
    "PropertyDefinition,ClassBody,10,17,a",
    "MethodDefinition,ClassBody,18,47,constructor",
    "TSParameterProperty,FunctionExpression,30,43,",
    "VariableDeclaration,Program,50,66,using",
    "Property,ObjectExpression,62,63,d",
    "ForOfStatement,Program,67,93,true",
    "VariableDeclaration,ForOfStatement,78,85,const",
    "main.ts,true,using c = { d };",
  ]);
  const range: [number, number] = [50, 66];
  assertEquals(found, [{
    id: "p/rule",
    message: "m",
    hint: "h",
    range,
    fix: [{ range, text: ";" }],
  }]);
});
