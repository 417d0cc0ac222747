/** Programs with two installations of the package, of different versions, on every runtime. */

import { assertEquals, assertMatch } from "@std/assert";
import { cp } from "node:fs/promises";
import config from "../../deno.json" with { type: "json" };
import { deno, type Result, run } from "../../tests/command.ts";
import { installRuntimes, type Runtime } from "../runtimes/install.ts";
import { workerConfig } from "../runtimes/worker_config.ts";
import { installPackage } from "../npm.ts";
import { Project } from "./project.ts";

const INSTALLED = "node_modules/@contextvars/contextvars";
const LIBRARY = "node_modules/library";

/** The flags by which Cloudflare Workers have `node:async_hooks`, by the date that has them. */
const WORKERS = { "2024-09-23": ["nodejs_compat"], "2023-05-18": ["nodejs_als"], "2026-08-04": [] };
const placeIn = (folder: string) => String.raw`\(\S*${folder}/${INSTALLED}/\S+\)`;
const WARNING = RegExp(
  `^Two versions of .* first ${config.version} ${placeIn("")}, then 99.0.0 ${placeIn(LIBRARY)}. ` +
    "The older one serves both: .*\n$",
);

/** What together.mjs prints: nothing of the copies differs, and a job sees what its helper sets. */
const TOGETHER = { apart: [], seen: ["acme", "acme", "none", "none"] };

const REQUIRED = `
  require("@contextvars/contextvars/strict");
  const { ContextVar, createTask } = require("@contextvars/contextvars");
  const user = new ContextVar("user");
  createTask(async () => (user.set("alice"), await null, user.get())).then(console.log);
  try { user.set("bob") } catch ({ name }) { console.log(name) }`;

// A test runner makes a realm for each file: what it has replaced must not pile up.
const REALMS = `
  const { readFileSync } = require("node:fs"), { Server } = require("node:http"), vm = require("node:vm");
  const code = "(require, module) => {" + readFileSync("servers.cjs") + "}";
  Error.stackTraceLimit = 99;
  const depths = ["one", "two", "three"].map(() => {
    vm.runInContext(code, vm.createContext())(require, { exports: {} });
    let depth;
    new Server(() => depth = new Error().stack.split("\\n").length).emit("request", {});
    return depth;
  });
  console.log(new Set(depths).size, Server.prototype.emit.name);`;

const available = await installRuntimes();
const project = new Project();

Deno.test.beforeAll(async () => {
  await installPackage(project.path);
  await Deno.mkdir(project.file(LIBRARY));
  const exports = { ".": "./mod.js", "./servers": "./servers.js" };
  const library = { name: "library", type: "module", exports };
  await project.write(`${LIBRARY}/package.json`, JSON.stringify(library));
  await project.write(`${LIBRARY}/mod.js`, 'export * from "@contextvars/contextvars";');
  await project.write(`${LIBRARY}/servers.js`, 'import "@contextvars/contextvars/servers";');
  await cp(project.file(INSTALLED), project.file(`${LIBRARY}/${INSTALLED}`), { recursive: true });
  for (const file of ["together.mjs", "served.mjs"]) await project.copy(`programs/${file}`, file);
});

Deno.test.afterAll(() => project[Symbol.dispose]());

/** Gives the library's installation another version. */
async function setVersion(version: string): Promise<void> {
  const file = `${LIBRARY}/${INSTALLED}/internal/shared.js`;
  const text = await Deno.readTextFile(project.file(file));
  await project.write(file, text.replace(/VERSION = ".*?"/, `VERSION = "${version}"`));
}

/** Runs a program of the project; returns what it prints, and what it warns of. */
async function runIn({ command }: Runtime, ...args: readonly string[]): Promise<Result> {
  const signal = AbortSignal.timeout(60_000);
  const result = await run([...command, ...args], { cwd: project.path, signal });
  if (result.code !== 0) throw new Error(result.stdout + result.stderr);
  return result;
}

const onWorkerd = ({ name }: Runtime) => name === "workerd";
const elsewhere = (runtime: Runtime) => !onWorkerd(runtime);

for (const runtime of available.filter(elsewhere)) {
  Deno.test(`Two versions of the package act as one on ${runtime.title}, and it warns once`, async () => {
    await setVersion("99.0.0");
    const { stdout, stderr } = await runIn(runtime, "together.mjs");
    assertEquals(JSON.parse(stdout), TOGETHER);
    assertMatch(stderr, WARNING);
  });

  Deno.test(`A server and a library with an older version keep requests apart on ${runtime.title}`, async () => {
    await setVersion("0.0.9");
    const { stdout, stderr } = await runIn(runtime, "served.mjs");
    assertEquals([stdout, stderr], ["wrong: 0 0 0 0 0 0 0 0\nRuntimeError\n", ""]);
  });

  Deno.test(`The package is there by require() on ${runtime.title}, strict mode too`, async () => {
    await project.write("required.cjs", REQUIRED);
    assertEquals((await runIn(runtime, "required.cjs")).stdout, "RuntimeError\nalice\n");
  });
}

for (const runtime of available.filter(({ title }) => title === "Node.js 24")) {
  Deno.test(`Realms of node:vm do not pile up what servers replaces on ${runtime.title}`, async () => {
    await project.write("realms.cjs", REALMS);
    const bundle = ["bundle", "--quiet", "--format=cjs", "--output=servers.cjs"];
    await deno([...bundle, `${INSTALLED}/servers.js`], { cwd: project.path });
    assertEquals((await runIn(runtime, "realms.cjs")).stdout, "1 emit\n");
  });
}

for (const runtime of available.filter(onWorkerd)) {
  for (const [date, flags] of Object.entries(WORKERS)) {
    Deno.test(`Two copies in a bundle act as one on workerd of ${date} with [${flags}]`, async () => {
      await setVersion(config.version);
      const bundle = ["bundle", "--quiet", "--output=worker.mjs", "together.mjs"];
      await deno(bundle, { cwd: project.path });
      await project.write("worker.capnp", workerConfig("worker.mjs", date, flags));
      const { stdout } = await runIn(runtime, "test", "worker.capnp");
      assertEquals(JSON.parse(stdout), TOGETHER);
    });
  }
}
