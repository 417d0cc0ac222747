/**
 * Builds a page by each bundler and framework of docs/browsers.md, opens it in a real browser, and
 * checks that each call in `programs/table.js` does there what it must.
 *
 *     deno task browser [--only NAME]
 *
 * Prints a line for each, and ends with 1 where one fails. Where there is no Chromium or Chrome it
 * says so, and ends with 0.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import puppeteer, { type Browser } from "npm:puppeteer-core@25.16.0";
import { outputOf } from "../../tests/command.ts";
import { makeProject, NpmUnreachable } from "../npm.ts";
import { freePort, listening } from "../pages/server.ts";
import { installRuntimes } from "../runtimes/install.ts";
import { type Bundler, BUNDLERS, IMPORT_MAP } from "./list.ts";

const DOCUMENT = new URL("../../docs/browsers.md", import.meta.url);
const PROGRAMS = join(import.meta.dirname!, "programs");

const { values: { only } } = parseArgs({ options: { only: { type: "string", default: "" } } });
const browser = await launch();
if (browser === undefined) {
  console.log("browser skipped: there is no Chromium or Chrome on this machine");
  Deno.exit();
}
try {
  const project = await makeProject(import.meta.dirname!);
  const env = await environmentOf(project);
  for (const bundler of BUNDLERS.filter(({ name }) => name.includes(only))) {
    try {
      await tryOut(bundler, join(project, bundler.name), env);
      console.log(`${bundler.name}: passes`);
    } catch (error) {
      console.error(`${bundler.name}: ${error}`);
      Deno.exitCode = 1;
    }
  }
  await Deno.remove(project, { recursive: true });
} catch (error) {
  if (!(error instanceof NpmUnreachable)) throw error;
  console.log(`browser skipped: ${error.message}`);
} finally {
  await browser.close();
}

/** Starts the machine's Chromium or Chrome, in a new profile. */
async function launch(): Promise<Browser | undefined> {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const paths = await Promise.all(names.map((name) => outputOf(["which", name]).catch(() => "")));
  const executablePath = paths.find((path) => path !== "")?.trim();
  // So that it runs as root in a container, and fetches nothing.
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-component-update"];
  if (executablePath !== undefined) return await puppeteer.launch({ executablePath, args });
  return await puppeteer.launch({ channel: "chrome", args }).catch(() => undefined);
}

/** Returns an environment in which the packages' programs are found, with Node.js 24 and Bun. */
async function environmentOf(project: string): Promise<Record<string, string>> {
  const runtimes = await installRuntimes(["Deno", "Node.js 24", "Bun"]);
  const folders = runtimes.map(({ command: [program] }) => dirname(program!));
  const packages = join(dirname(project), "node_modules", ".bin");
  return {
    PATH: [packages, ...folders, Deno.env.get("PATH")].join(":"),
    HOST: "127.0.0.1",
    ASTRO_TELEMETRY_DISABLED: "1",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

async function tryOut(bundler: Bundler, cwd: string, env: Record<string, string>): Promise<void> {
  const { name, line = "", pages, build, serve } = bundler;
  const text = await Deno.readTextFile(DOCUMENT);
  assertStringIncludes(text, `| ${name} `);
  assertStringIncludes(text, line);
  await cp(join(PROGRAMS, pages), cwd, { recursive: true });
  await cp(join(PROGRAMS, "table.js"), join(cwd, "table.js"));
  if (pages === "static") await writeHtml(cwd, line === IMPORT_MAP ? line : "");
  await outputOf(build.split(" "), { cwd, env });
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  const [command, ...args] = serve.replace("PORT", `${port}`).split(" ");
  const streams = { stdout: "null", stderr: "piped" } as const;
  const options = { args, cwd, env: { ...env, PORT: `${port}` }, ...streams };
  await using server = new Deno.Command(command!, options).spawn();
  const complaint = new Response(server.stderr).text();
  try {
    await listening(port);
    if (pages === "next") await checkServer(`${origin}/api`);
    if (pages !== "static") await checkServer(origin);
    await checkPage(origin);
  } catch (error) {
    server.kill();
    throw new Error(`${error}\n${await complaint}`);
  }
}

/** Puts the HTML where a bundler that takes a script alone puts the script; the others replace it. */
async function writeHtml(folder: string, head: string): Promise<void> {
  const html = await Deno.readTextFile(join(folder, "index.html"));
  await Deno.mkdir(join(folder, "dist"));
  await Deno.writeTextFile(join(folder, "dist/index.html"), html.replace("<head>", `$&${head}`));
}

/** Sees that requests keep apart, under fifty at a time: each with a name, and then without. */
async function checkServer(url: string): Promise<void> {
  const ask = async (_: unknown, i: number) => {
    const named = await fetch(`${url}?name=user${i}`);
    assertStringIncludes(await named.text(), `user${i}`);
    assertStringIncludes(await (await fetch(url)).text(), "nobody");
  };
  await Promise.all(Array.from({ length: 50 }, ask));
}

/** Opens the page, and sees that its calls did what they must. */
async function checkPage(url: string): Promise<void> {
  await using page = await browser!.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  const seen = await page.waitForFunction("globalThis.seen", { timeout: 10_000 })
    .then((handle) => handle.jsonValue(), () => "the script did not run");
  assertEquals([seen, complaints], [[], []]);
}
