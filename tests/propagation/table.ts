/**
 * Writes docs/propagation.md: runs the survey on every runtime, and puts them side by side.
 *
 *     deno task propagation [--check]
 *
 * With `--check` it writes nothing, and fails where the page is not what it would write; where a
 * runtime is not there, it compares what the page says of the others, but for their versions.
 */

import { fileURLToPath } from "node:url";
import { deno } from "../command.ts";
import { installRuntimes, type Runtime } from "../runtimes/install.ts";
import { type Column, columnOf, readColumn, readIntroduction, writeDocument } from "./document.ts";
import { lostWhenBound, onDeno, report } from "./run.ts";

const PAGE = new URL("../../docs/propagation.md", import.meta.url);

const { available, skipped } = await installRuntimes();
for (const { name, why } of skipped) console.log(`skipped: ${name}: ${why}`);
const columns = await columnsOf(available);
const failures = columns.flatMap(unboundable);
const written = await formatted(writeDocument(columns));
if (Deno.args.includes("--check")) {
  const page = await Deno.readTextFile(PAGE);
  failures.push(...columns.flatMap((column) => differences(column, page)));
  const compared = skipped.length === 0 ? String : readIntroduction;
  if (compared(page) !== compared(written)) {
    failures.push("the page is not what `deno task propagation` writes");
  }
} else if (skipped.length === 0) {
  await Deno.mkdir(new URL(".", PAGE), { recursive: true });
  await Deno.writeTextFile(PAGE, written);
} else {
  failures.push("the page is not written: it needs every runtime");
}
for (const failure of failures) console.error(failure);
Deno.exit(failures.length === 0 ? 0 : 1);

/** Runs the survey on each runtime at the same time; Deno comes first. */
async function columnsOf(runtimes: readonly Runtime[]): Promise<Column[]> {
  const folder = await Deno.makeTempDir();
  try {
    await bundle("propagation.ts", `${folder}/propagation.mjs`);
    await bundle("worker.ts", `${folder}/bundled.js`);
    await Deno.copyFile(new URL("workerd.capnp", import.meta.url), `${folder}/workerd.capnp`);
    const columns = await Promise.all(runtimes.map(async (runtime) => ({
      title: titleOf(runtime),
      version: runtime.version,
      entries: await report(commandOf(runtime, folder)),
    })));
    return columns.toSorted((a, b) => Number(b.title === "Deno") - Number(a.title === "Deno"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Makes one file of JavaScript of a program and the library. */
async function bundle(program: string, target: string): Promise<void> {
  const source = new URL(program, import.meta.url).href;
  await deno(["bundle", "--quiet", "--external", "node:*", "--output", target, source]);
}

function commandOf({ name, command }: Runtime, folder: string): string[] {
  switch (name) {
    case "Deno":
      return onDeno(command[0]!);
    case "Node.js":
      return [...command, "--expose-gc", `${folder}/propagation.mjs`];
    case "workerd":
      return [...command, "test", `${folder}/workerd.capnp`];
    default:
      return [...command, `${folder}/propagation.mjs`];
  }
}

function titleOf({ name, version }: Runtime): string {
  return name === "Node.js" ? `${name} ${version.split(".")[0]}` : name;
}

function unboundable({ title, entries }: Column): string[] {
  return lostWhenBound(entries)
    .map(({ door, bound }) => `${title}: ${door}: ${bound.outcome} although bound`);
}

function differences({ title, entries }: Column, page: string): string[] {
  const found = columnOf(entries);
  const said = readColumn(page, title);
  return Object.keys({ ...found, ...said })
    .filter((key) => found[key] !== said[key])
    .map((key) => `${title}: ${key}: ${found[key]}, and the page says ${said[key]}`);
}

async function formatted(markdown: string): Promise<string> {
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const file = await Deno.makeTempFile({ suffix: ".md" });
  try {
    await Deno.writeTextFile(file, markdown);
    await deno(["fmt", "--config", config, file]);
    return await Deno.readTextFile(file);
  } finally {
    await Deno.remove(file);
  }
}
