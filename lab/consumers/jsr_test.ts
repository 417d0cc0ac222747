/** JSR's consumers: the real client adds the package, runs and checks a program, and upgrades. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { readExamples } from "../../tests/run_examples.ts";
import { Project } from "./project.ts";
import { packageFiles, Registry } from "./registry.ts";

const PACKAGE = "jsr:@contextvars/contextvars";
const [QUICKSTART] = readExamples().filter(({ path }) => path === "examples/quickstart.ts");
const SUCCESS = { code: 0, stdout: QUICKSTART!.prints, stderr: "" };

const files = await packageFiles();

/** Asserts that the project's program type-checks, and runs without any permission. */
async function assertWorks(project: Project): Promise<void> {
  const checked = await project.deno("check", "--quiet", "--all", "program.ts");
  assertEquals(checked, { ...SUCCESS, stdout: "" });
  assertEquals(await project.deno("run", "--quiet", "program.ts"), SUCCESS);
}

Deno.test("The package holds the core, the pages, the examples, and nothing else", () => {
  const core = /^\/(internal\/|lint\/(rules\/)?)?[a-z_]+\.ts$/;
  const pages = /^\/([A-Z]+|docs\/[a-z_]+)\.(md|svg)$/;
  const examples = /^\/examples\/(warnings\/)?[a-z_]+\.ts$/;
  const known = [core, pages, examples];
  const others = [...files.keys()].filter((path) => !known.some((each) => each.test(path)));
  assertEquals(others.sort(), ["/LICENSE", "/deno.json"]);
});

Deno.test("The package's pages link to what the package has, and to headings that are there", () => {
  const pages = [...files].filter(([path]) => path.endsWith(".md"));
  const targets = new Set([
    ...[...files.keys()].flatMap((path) => [path, path.slice(0, path.lastIndexOf("/"))]),
    ...pages.flatMap(([page, text]) => anchorsOf(text).map((anchor) => page + anchor)),
  ]);
  const broken = pages.flatMap(([page, text]) =>
    Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link!).filter((link) => {
      const { protocol, pathname, hash } = new URL(link, `file://${page}`);
      return protocol === "file:" && !targets.has(pathname + hash);
    }).map((link) => `${page}: ${link}`)
  );
  assertEquals(broken, []);
});

/** Lists the anchors of a page's headings, as the hosts of repositories make them. */
function anchorsOf(page: string): string[] {
  return Array.from(page.matchAll(/^#+ (.*)$/gm), ([, heading]) => {
    return `#${heading!.toLowerCase().replaceAll(/[^\w -]/g, "").replaceAll(" ", "-")}`;
  });
}

/** Registers a test of a project that has added version 0.1.0. */
function consumerTest(
  name: string,
  body: (project: Project, registry: Registry) => Promise<void>,
): void {
  Deno.test(name, async () => {
    await using registry = new Registry();
    registry.publish("0.1.0", files);
    using project = new Project(registry.url);
    await project.write("deno.json", "{}");
    await project.copy("../../examples/quickstart.ts", "program.ts");
    const { code, stderr } = await project.deno("add", PACKAGE);
    assertEquals(code, 0, stderr);
    await body(project, registry);
  });
}

consumerTest("The package type-checks and runs, with no permission", assertWorks);

consumerTest("The package's examples run by their address", async (project, registry) => {
  const address = `${registry.url}@contextvars/contextvars/0.1.0/examples/quickstart.ts`;
  assertEquals(await project.deno("run", "--quiet", address), SUCCESS);
});

consumerTest("The package goes on after deno update", async (project, registry) => {
  const added = 'export const added: string = "in 0.2.0";\n';
  registry.publish("0.2.0", new Map(files).set("/mod.ts", files.get("/mod.ts") + added));
  await project.deno("update", "--latest");
  const use = 'import { added } from "@contextvars/contextvars";\nconst _text: string = added;\n';
  await project.write("program.ts", use + await Deno.readTextFile(project.file("program.ts")));
  await assertWorks(project);
});

consumerTest("Strict mode is preloaded by name, or by jsr:", async (project, registry) => {
  registry.publish("0.2.0", files);
  const program =
    'import { ContextVar } from "@contextvars/contextvars"; new ContextVar("x").set(1);';
  await project.write("set_test.ts", program);
  const preloads = [
    ["run", "--preload=@contextvars/contextvars/strict"],
    ["run", `--preload=${PACKAGE}/strict`],
    ["test", `--preload=${PACKAGE}@0.1/strict`],
  ];
  for (const preload of preloads) {
    const { stdout, stderr } = await project.deno(...preload, "set_test.ts");
    assertStringIncludes(stdout + stderr, "strict mode is on", preload.join(" "));
  }
});
