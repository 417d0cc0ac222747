/** Copies of the module in one program: of one version, of a newer one, of another protocol. */

import { assertEquals, assertMatch, assertStrictEquals, assertThrows } from "@std/assert";
import * as ours from "@contextvars/contextvars";
import { once } from "../../internal/shared.ts";
import config from "../../deno.json" with { type: "json" };
import { deno, runDeno } from "../command.ts";
import { everywhere, inTask } from "../harness.ts";
import { importCopy } from "./second_copy.ts";

const { ContextVar, createTask } = ours;
const VERSION = `VERSION = "${config.version}"`;
const NEWER = 'VERSION = "99.10.0"';

const { warn } = console;
const warnings: string[] = [];
console.warn = (text) => warnings.push(text);
const theirs = await importCopy();
const silent = warnings.length === 0;
const newer = await importCopy({ [VERSION]: NEWER });
await importCopy({ [VERSION]: NEWER });
const apart = await importCopy({ [VERSION]: NEWER, "PROTOCOL = 1": "PROTOCOL = 2" });
const beside = await importCopy({ [VERSION]: NEWER, "PROTOCOL = 1": "PROTOCOL = 2" });
await importCopy({ [VERSION]: VERSION.replace(/"$/, '-rc.1"') }); // older, and so silent
(Error as { prepareStackTrace?: unknown }).prepareStackTrace = (_: unknown, sites: unknown) =>
  sites;
await importCopy({ [VERSION]: 'VERSION = "99.11.0"' });
(Error as { prepareStackTrace?: unknown }).prepareStackTrace = undefined;
console.warn = warn;
const reloaded = await import(`../../context_var.ts${"?v=2"}`);

const PLACE = String.raw`\(file:\S+:\d+:\d+\)`;

Deno.test("A second copy of the module is the first, and says nothing", () => {
  assertEquals({ ...theirs }, { ...ours });
  assertEquals(silent, true);
});

Deno.test("A file of the module that is loaded again has the classes of the first", () => {
  assertStrictEquals(reloaded.ContextVar, ContextVar);
});

Deno.test("A newer copy is served by the first, and says so once, with places and a remedy", () => {
  assertStrictEquals(newer.ContextVar, ContextVar);
  assertEquals(warnings.length, 3);
  assertMatch(
    warnings[0]!,
    RegExp(
      `^Two versions of @contextvars/contextvars are loaded: first ${config.version} ${PLACE}, then ` +
        String.raw`99\.10\.0 ${PLACE}\. The older one serves both: what 99\.10\.0 has added or ` +
        String.raw`mended is missing\. Use one version: dedupe .* serverExternalPackages\.$`,
    ),
  );
});

Deno.test("A newer copy warns where a program's stacks are no text", () => {
  assertMatch(warnings[2]!, /then 99\.11\.0 \(\S+:\d+:\d+\)\. The older one/);
});

Deno.test("A copy that no other version can serve keeps apart, and says so once", () => {
  const user = new ContextVar("user", { default: "nobody" });
  assertEquals(apart.createTask === createTask, false);
  assertStrictEquals(beside.createTask, apart.createTask);
  assertThrows(() => apart.currentContext().get(user), TypeError, "that this module has not made");
  assertMatch(warnings[1]!, RegExp(`first ${config.version} .*They cannot act as one`));
});

everywhere("A task that a second copy starts is a task of the first", async ({ user }) => {
  const work = async (name: string) => {
    user.set(name);
    await Promise.resolve();
    return user.get();
  };
  const tasks = [theirs.createTask(work, "a"), theirs.copyContext().bind(work)("b")];
  assertEquals(await Promise.all(tasks), ["a", "b"]);
  assertEquals(user.get(), "nobody");
});

inTask("A second copy's current context is the first's, and cannot be entered again", () => {
  const context = theirs.currentContext();
  assertStrictEquals(context, ours.currentContext());
  assertThrows(() => context.run(() => {}), ours.RuntimeError, "already entered");
});

inTask("Variables of two copies have numbers of their own", () => {
  const make = (_: unknown, i: number) => new [ours, newer][i % 2]!.ContextVar<number>(`v${i}`);
  const variables = Array.from({ length: 64 }, make);
  variables.forEach((variable, i) => variable.set(i));
  assertEquals(variables.map((variable) => variable.get()), variables.map((_, i) => i));
});

Deno.test("What copies do once is done once, and all get its result", () => {
  assertEquals([once("test", () => "first"), once("test", () => "second")], ["first", "first"]);
});

Deno.test("Strict mode of a second copy, loaded first, is on for the module", async () => {
  const url = (path: string) => JSON.stringify(import.meta.resolve(path));
  const program = `
    const { importCopy } = await import(${url("./second_copy.ts")});
    await importCopy({}, "strict.ts");
    const { ContextVar } = await import(${url("../../mod.ts")});
    try { new ContextVar("user").set(1) } catch (error) { console.log(error.name) }`;
  assertEquals(await deno(["eval", program]), "RuntimeError\n");
});

Deno.test("A copy whose global object is frozen works alone", async () => {
  const program = `Object.freeze(globalThis);
    const { ContextVar } = await import(${JSON.stringify(import.meta.resolve("../../mod.ts"))});
    console.log(new ContextVar("user").run(1, () => "works"));`;
  assertEquals((await runDeno(["eval", program])).stdout, "works\n"); // Deno itself fails at its end
});
