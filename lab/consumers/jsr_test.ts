/** JSR's consumers: the real client adds the package, runs and checks a program, and upgrades. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Result } from "../../tests/command.ts";
import { Project } from "./project.ts";
import { packageFiles, Registry } from "./registry.ts";

const PACKAGE = "jsr:@contextvars/contextvars";
const PRINTED = [
  "[none] first: first; first, retried",
  "[none] second: second; second, retried",
  "[listener] done",
  "",
].join("\n");

const CLEAN: Result = { code: 0, stdout: "", stderr: "" };

const files = await packageFiles();

function run(project: Project): Promise<Result> {
  return project.deno("run", "--quiet", "program.ts");
}

function check(project: Project, ...files: string[]): Promise<Result> {
  return project.deno("check", "--quiet", "--all", ...files);
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
    await project.copy("program.ts");
    const { code, stderr } = await project.deno("add", PACKAGE);
    assertEquals(code, 0, stderr);
    await body(project, registry);
  });
}

consumerTest("The package runs where deno add added it, with no permission", async (project) => {
  assertEquals(await importsOf(project), { "@contextvars/contextvars": `${PACKAGE}@^0.1.0` });
  assertEquals(await run(project), { ...CLEAN, stdout: PRINTED });
});

consumerTest("The package's examples run by their address", async (project, registry) => {
  const address = `${registry.url}@contextvars/contextvars/0.1.0/examples/quickstart.ts`;
  const { stdout, stderr } = await project.deno("run", "--quiet", address);
  assertStringIncludes(stdout, "Task for Bob: Still handled by Bob", stderr);
});

consumerTest("The package goes on after deno update", async (project, registry) => {
  assertEquals(await check(project, "program.ts"), CLEAN);
  const added = 'export const added: string = "in 0.2.0";\n';
  registry.publish("0.2.0", new Map(files).set("/mod.ts", files.get("/mod.ts") + added));
  await project.deno("update", "--latest");
  assertEquals(await importsOf(project), { "@contextvars/contextvars": `${PACKAGE}@^0.2.0` });
  const use = 'import { added } from "@contextvars/contextvars";\nconst _text: string = added;';
  await project.write("use.ts", use);
  assertEquals(await check(project, "program.ts", "use.ts"), CLEAN);
  assertEquals(await run(project), { ...CLEAN, stdout: PRINTED });
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
