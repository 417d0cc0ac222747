/** Writes what was measured as Markdown. */

import { arch, cpus, platform, totalmem } from "node:os";
import type { ImportCost } from "../import_cost.ts";
import { type ServerRow, serverTable } from "../server/measure.ts";
import { type Figures, find, median, ratio, type Row } from "./figures.ts";

const OURS = "contextvars";

/** Returns the page. */
export function report(
  figures: Figures,
  serverRows: readonly ServerRow[],
  cost: ImportCost,
): string {
  const runtimes = [...new Set(figures.peers.map(({ runtime }) => runtime))];
  return [
    "# What was measured",
    "",
    "Written by `deno task bench:peers`; how it measures is in [README.md](README.md).",
    "",
    ...machine(runtimes, figures),
    ...peers(figures),
    ...runtimes.filter((runtime) => !runtime.startsWith("CPython"))
      .flatMap((runtime) => operations(figures, runtime)),
    ...weights(figures, runtimes),
    ...servers(serverRows),
    ...imports(cost),
    ...LIMITS,
  ].join("\n");
}

const LIMITS = [
  "## What the figures are not",
  "",
  "- They are the best case: a loop, compiled for one peer, with all of its data in the caches at 10",
  "  variables. In a program, where a call is one among many, each costs several times as much.",
  "- A ratio of 0.9 or 1.1 is no difference that a user can see: at 10 ns, a million reads a second",
  "  are one percent of a core.",
  "- They hold for this machine, and these versions. Ratios carry over to others better than times.",
  "- What sets in place (mutable Map, unctx) gives up what the others are for: there, a set in one of two",
  "  concurrent tasks is seen by the other.",
  "- CPython is another language. Its task goes through an event loop that a promise does not need.",
  "- Reads of an AsyncLocalStorage are faster in a process with few of them than in one with many; each",
  "  peer has the only one in its process here.",
  "",
];

function machine(runtimes: readonly string[], figures: Figures): string[] {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return [
    `- Machine: ${cpu?.model.trim()}, ${cpus().length} cores, ${gigabytes} GiB, ${platform()} ${arch()}.`,
    `- Load average when it began: ${figures.load.toFixed(1)}; at rest it is 0.`,
    `- Rounds: ${figures.roundsOfStart} in each of ${figures.starts} starts of the processes.`,
    `- Runtimes: ${runtimes.join(", ")} (V8 ${Deno.version.v8} in Deno).`,
    `- Peers: ${figures.packages.join(", ")}.`,
    `- Date: ${new Date().toISOString().slice(0, 10)}.`,
    "",
  ];
}

function peers(figures: Figures): string[] {
  const unique = new Map(figures.peers.map((peer) => [peer.name, peer]));
  return [
    "## The peers",
    "",
    "Each was checked to do this, in the process that measured it: functions set before and after an",
    "await; their caller, another function in the same `run` and the starter of a task then looked.",
    "",
    ...table(
      ["peer", "what a set reaches", "a task or copy keeps its sets to itself"],
      [...unique.values()].map(({ name, setReaches, operations }) => [
        name,
        setReaches,
        operations.includes("copy") ? "yes" : "no: shared",
      ]),
    ),
  ];
}

function operations(figures: Figures, runtime: string): string[] {
  const names = figures.peers.filter((peer) => peer.runtime === runtime).map(({ name }) => name);
  const columns = [
    ...names.map((name) => ({ name, runtime })),
    ...(figures.peers.some(({ name }) => name === "CPython")
      ? [{ name: "CPython", runtime: "CPython" }]
      : []),
  ];
  const rows = figures.rows.filter((row) => row.runtime === runtime && row.peer === OURS);
  const cells = (show: (row: Row, ours: Row) => string) =>
    rows.map((ours) => [
      ours.operation,
      count(ours.variables),
      ...columns.map(({ name, runtime }) => {
        const row = find(figures, name, runtime, ours.operation, ours.variables);
        return row === undefined ? "–" : show(row, ours);
      }),
    ]);
  const head = ["operation", "variables", ...columns.map(({ name }) => name)];
  return [
    `## ${runtime}`,
    "",
    "Nanoseconds for one operation: the median of the rounds, and the fastest round.",
    "",
    ...table(head, cells(({ rounds }) => `${time(median(rounds))} (${time(Math.min(...rounds))})`)),
    "How many times as long as ours: above 1, ours is the faster.",
    "",
    ...table(head, cells((row, ours) => row === ours ? "1" : significant(ratio(row, ours)))),
  ];
}

function weights(figures: Figures, runtimes: readonly string[]): string[] {
  const names = new Set(figures.weights.map(({ peer }) => peer));
  const kinds = new Map(figures.weights.map(({ what, variables }) => [what, variables]));
  const rows = [...kinds].flatMap(([what, variables]) =>
    [...names].map((name) => [
      `${what}, ${variables} variables`,
      name,
      ...runtimes.map((runtime) => {
        const weight = figures.weights.find((row) =>
          row.what === what && row.peer === name && row.runtime === runtime
        );
        return weight ? `${Math.round(weight.live)} (${Math.round(weight.left)})` : "–";
      }),
    ])
  );
  return [
    "## Bytes",
    "",
    "For each of 100 000 that are alive; in brackets, what is left of each when they are dropped.",
    "",
    ...table(["of", "peer", ...runtimes], rows),
  ];
}

function servers(rows: readonly ServerRow[]): string[] {
  return [
    "## Servers",
    "",
    "Whole servers on Deno, whose requests set 5 values and read 20: the processor time of the server",
    "for one request, and its throughput. The ratios are to a Map in an `AsyncLocalStorage`: medians of",
    "the ratios of each round, in brackets the middle half of them.",
    "",
    ...serverTable(rows),
    "",
  ];
}

function imports(cost: ImportCost): string[] {
  return [
    "## Import",
    "",
    `- Time, on Deno, of a start with the import less one without: ${
      cost.milliseconds.toFixed(1)
    } ms, ` +
    `of which \`node:async_hooks\` alone takes ${cost.bareMilliseconds.toFixed(1)} ms.`,
    `- Size: ${count(cost.source)} bytes of source, doc comments included; ` +
    `${count(cost.minified)} minified; ${count(cost.gzip)} minified and gzipped.`,
    "",
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}

function time(nanoseconds: number): string {
  return nanoseconds < 100 ? nanoseconds.toFixed(1) : count(Math.round(nanoseconds));
}

function significant(number: number): string {
  return number < 10 ? number.toFixed(2) : count(Math.round(number));
}

/** Groups the digits of a whole number by spaces that do not break. */
function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
}
