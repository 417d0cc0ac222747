import { assertEquals } from "@std/assert";
import { programsIn, readExamples, runExample } from "../run_examples.ts";
import { importMapFlags } from "../with_std.ts";

const examples = readExamples();
const flags = await importMapFlags();

for (const example of examples) {
  Deno.test(`${example.path} prints what its last lines say`, async () => {
    const { prints: stdout } = example;
    assertEquals(await runExample(example, flags), { code: 0, stdout, stderr: "" });
  });
}

Deno.test("README lists every program of examples/", () => {
  assertEquals(examples.map(({ path }) => path).sort(), programsIn("examples").sort());
});
