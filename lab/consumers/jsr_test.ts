/** JSR's consumers: the real client adds the package, runs and checks a program, and upgrades. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Outcome, Project } from "./project.ts";
import { type Files, packageFiles, Registry } from "./registry.ts";

const PACKAGE = "jsr:@contextvars/contextvars";
const PRINTED = [
  "[none] first: first; first, retried",
  "[none] second: second; second, retried",
  "[listener] done",
  "",
].join("\n");

const files = await packageFiles();

function run(project: Project): Promise<Outcome> {
  return project.deno("run", "--quiet", "program.ts");
}

function check(project: Project, ...files: string[]): Promise<Outcome> {
  return project.deno("check", "--quiet", "--all", ...files);
}

/** Returns the package with one more thing in it. */
function withExport(statement: string): Files {
  const module = new TextDecoder().decode(files.get("/mod.ts"));
  return new Map(files).set("/mod.ts", new TextEncoder().encode(`${module}\n${statement}\n`));
}

/** Returns what the project imports, as its `deno.json` states it. */
async function importsOf(project: Project): Promise<unknown> {
  return JSON.parse(await Deno.readTextFile(project.file("deno.json"))).imports;
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
  const pages = new Map<string, string>();
  for (const [path, bytes] of files) {
    if (path.endsWith(".md")) {
      pages.set(path, new TextDecoder().decode(bytes));
    }
  }
  const broken = Array.from(pages, ([page, text]) => {
    const links = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link!);
    return links.filter((link) => {
      const { protocol, pathname, hash } = new URL(link, `file://${page}`);
      if (protocol !== "file:") return false;
      if (hash !== "") return !anchorsOf(pages.get(pathname) ?? "").includes(hash);
      return ![...files.keys()].some((file) =>
        file === pathname || file.startsWith(`${pathname}/`)
      );
    }).map((link) => `${page}: ${link}`);
  }).flat();
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
    await project.copy("program.ts");
    const added = await project.deno("add", PACKAGE);
    assert(added.success, added.output);
    await body(project, registry);
  });
}

consumerTest("The package is added by deno add, with its version", async (project) => {
  assertEquals(await importsOf(project), { "@contextvars/contextvars": `${PACKAGE}@^0.1.0` });
});

consumerTest("The package runs in a consumer's program, with no permission", async (project) => {
  assertEquals(await run(project), { success: true, output: PRINTED });
});

consumerTest("The package's examples run by their address", async (project, registry) => {
  const address = `${registry.url}@contextvars/contextvars/0.1.0/examples/quickstart.ts`;
  const { success, output } = await project.deno("run", "--quiet", address);
  assertEquals(success, true, output);
  assertStringIncludes(output, "Task for Bob: Still handled by Bob");
});

consumerTest("The package type-checks with a consumer's program", async (project) => {
  assertEquals(await check(project, "program.ts"), { success: true, output: "" });
});

consumerTest(
  "The package is upgraded by deno update, and all goes on",
  async (project, registry) => {
    registry.publish("0.2.0", withExport('export const added: string = "in 0.2.0";'));
    assertStringIncludes((await project.deno("update", "--latest")).output, "0.2.0");
    assertEquals(await importsOf(project), { "@contextvars/contextvars": `${PACKAGE}@^0.2.0` });
    const use = 'import { added } from "@contextvars/contextvars";\nconst _text: string = added;';
    await project.write("use.ts", use);
    assertEquals(await check(project, "program.ts", "use.ts"), { success: true, output: "" });
    assertEquals(await run(project), { success: true, output: PRINTED });
  },
);

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
    const { output } = await project.deno(...preload, "set_test.ts");
    assertStringIncludes(output, "strict mode is on", preload.join(" "));
  }
});
