/**
 * Runs the programs of docs/frameworks.md, docs/recipes.md and docs/testing.md, with the real
 * packages. A server is loaded, and its reads are counted: those of another request's name, and of
 * none where there was one.
 *
 *     deno task pages [--only TEXT] [--wrong]
 *
 * Prints a line for each program, variant and runtime. Ends with 1 where a program fails or a read
 * is wrong, but for those of which the page warns; where debug mode reports something; or where the
 * pages' code is not that of the programs. With `--wrong` it runs what looks right in the place of
 * what is right: then each program must fail, and a server on one runtime at least.
 */

import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { deno, run } from "../../tests/command.ts";
import { makeProject, NpmUnreachable } from "../npm.ts";
import { installRuntimes, type RuntimeTitle } from "../runtimes/install.ts";
import { strayCode } from "./page.ts";
import { IMPORT, type Program, readProgram, type Way } from "./program.ts";
import type { Count } from "./programs/shared/count.ts";
import { type Launch, loadServer } from "./server.ts";

/** By folder, the runtimes of the programs that name none. */
const FOLDERS: Readonly<Record<string, readonly RuntimeTitle[]>> = {
  servers: ["Deno", "Node.js 24", "Node.js 20", "Bun"],
  recipes: ["Deno", "Node.js 24"],
  jobs: ["Deno", "Node.js 24"],
  runners: [],
};

/** Without the import, where a request's value is lost, as docs/frameworks.md says. */
const LOST = [
  "access log",
  "close",
  "data listener",
  "end listener",
  "generator",
  "onAbort",
  "onError of a server",
  "onRequestAbort",
];
const LOST_ON_DENO = [...LOST, "finish", "onResponse of Fastify"];

/** What came of a program. */
interface Outcome {
  readonly summary: string;
  readonly faults: readonly string[];
}

const { values: options } = parseArgs({
  options: { only: { type: "string", default: "" }, wrong: { type: "boolean", default: false } },
});
// In milliseconds for one program, on a busy machine too. A wrong one may wait for itself.
const timeLimit = options.wrong ? 30_000 : 300_000;
const runtimes = await installRuntimes([...FOLDERS["servers"]!, "workerd"]);
const failures = await strayCode(join(import.meta.dirname!, "programs"));
try {
  const project = await makeProject(import.meta.dirname!);
  try {
    const certificate = new URL("../../tests/servers/certificate.ts", import.meta.url);
    await cp(certificate, join(project, "programs/certificate.ts"));
    await cp(new URL("programs", import.meta.url), join(project, "programs"), { recursive: true });
    await deno(["check", "programs"], { cwd: project });
    for (const [folder, usual] of Object.entries(FOLDERS)) {
      for (const name of (await readdir(join(project, "programs", folder))).sort()) {
        const file = `programs/${folder}/${name}`;
        if (file.includes(options.only)) await tryOut(project, file, usual);
      }
    }
  } finally {
    await Deno.remove(project, { recursive: true });
  }
} catch (error) {
  if (!(error instanceof NpmUnreachable)) throw error;
  console.log(`pages skipped: ${error.message}`);
}
for (const failure of failures) console.error(failure);
Deno.exit(failures.length === 0 ? 0 : 1);

/** Runs each right or wrong variant of a program, and says what came of it. */
async function tryOut(project: string, file: string, usual: readonly RuntimeTitle[]) {
  const source = await Deno.readTextFile(join(project, file));
  const program = readProgram(source, usual);
  const isServer = program.asked.length > 0;
  for (const { what, text, ways } of options.wrong ? program.wrong : program.right) {
    const unnoticed: string[] = [];
    for (const way of ways) {
      const parts = [file.replace("programs/", ""), what, way.title, way.runner ?? []];
      const label = parts.flat().join(", ");
      const runtime = runtimes.find(({ title }) => title === way.title);
      const { summary, faults } = runtime === undefined
        ? { summary: "skipped", faults: [] }
        : isServer
        ? await load({ project, file, text, runtime }, program)
        : await start({ project, file, text, runtime }, way);
      console.log(`${label}: ${summary}`);
      if (!options.wrong) failures.push(...faults.map((fault) => `${label}: ${fault}`));
      else if (faults.length === 0 && !summary.startsWith("skipped")) unnoticed.push(label);
    }
    const isLucky = isServer && unnoticed.length < ways.length;
    if (!isLucky) failures.push(...unnoticed.map((label) => `${label}: nobody notices`));
  }
  await Deno.writeTextFile(join(project, file), source);
}

/** Runs a program to its end. */
async function start({ project, file, text, runtime }: Launch, way: Way): Promise<Outcome> {
  const { args, runner = "node:test" } = way;
  await Deno.writeTextFile(join(project, file), text.replace('"node:test"', `"${runner}"`));
  const [program, ...usual] = runtime.command;
  const command = [program!, ...args ?? [...usual, file]];
  const signal = AbortSignal.timeout(timeLimit);
  const { code, stdout, stderr } = await run(command, { cwd: project, signal });
  const [summary] = /^(\d+ reads|skipped).*$/m.exec(stdout) ?? [code === 0 ? "passes" : "fails"];
  return { summary, faults: code === 0 ? reportsIn(stderr) : [stdout + stderr] };
}

/** Runs a server under load. */
async function load(launch: Launch, { asked, lost }: Program): Promise<Outcome> {
  const onDeno = launch.runtime.name === "Deno";
  const lostToo = launch.text.includes(IMPORT) ? [] : onDeno ? LOST_ON_DENO : LOST;
  const isLost = (place: string) => lost.includes(place) || lostToo.includes(place);
  try {
    const { counts, stderr } = await loadServer(launch, asked);
    const { kept = [], away = [] } = Object.groupBy(
      Object.entries(counts),
      ([place]) => isLost(place) ? "away" : "kept",
    );
    const wrong = kept.filter(([, { anothers, none }]) => anothers + none > 0);
    return {
      summary: sumUp(kept) + (away.length > 0 ? `; where it is lost: ${sumUp(away)}` : ""),
      faults: [...wrong.map((it) => `${it[0]}: ${sumUp([it])}`), ...reportsIn(stderr)],
    };
  } catch (error) {
    return { summary: "fails", faults: [(error as Error).message] };
  }
}

function sumUp(counts: [place: string, Count][]): string {
  const sum = (key: keyof Count) => counts.reduce((total, [, count]) => total + count[key], 0);
  return `${sum("reads")} reads, ${sum("anothers")} another's, ${sum("none")} none`;
}

/** Returns what debug mode has reported. */
function reportsIn(stderr: string): string[] {
  return stderr.match(/^contextvars: .*$/gm) ?? [];
}
