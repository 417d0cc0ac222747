/** The page with the table of doors: how it is written, and how a column is read from it. */

import type { Outcome } from "./door.ts";
import type { Entry } from "./survey.ts";

/** What the survey of one runtime has found. */
export interface Column {
  readonly title: string;
  readonly version: string;
  readonly entries: readonly Entry[];
}

const OUTCOMES: readonly Outcome[] = ["kept", "dispatcher's", "nothing", "another's", "not there"];

/** The headings of the lists with an item for each runtime. */
const RUNTIMES = "Runtimes";
const LOSSES = "Doors that see nothing";

const INTRODUCTION = `# Which callbacks keep their context

A callback that a runtime calls later runs in some context: most often in that of the task that
registered it, but not always. This page tells which, for each asynchronous door and each runtime.
In every cell one task has registered the callback, and wherever somebody has to fire it (to
dispatch, send, connect, close) another task has done so. The callback has seen:

- _kept_: the context of the task that registered it;
- _dispatcher's_: the context of the task that fired it. Lost for whoever registered, and often
  meant: an event listener is an ordinary call, and an async generator's body runs in the context of
  whoever calls \`next()\`, as in Python;
- _nothing_: neither, but what happened to be current where the runtime called. Here that was no
  task's context; on Deno it may be a stranger's, after a dynamic \`import()\` in a task. Lost;
- _not there_: the runtime has no such door, or it cannot be tried there (a worker cannot listen). The
  report of \`tests/propagation/propagation.ts\` says why.

A lost context is mended by binding the callback where it is registered:

\`\`\`ts
import { copyContext } from "@contextvars/contextvars";

const controller = new AbortController();
controller.signal.addEventListener("abort", copyContext().bind(() => console.log("aborted")));
\`\`\`

Each door was tried a second time with a callback that was bound so, and then every one kept the
context, on every runtime.

The page is written by \`deno task propagation\`, on Linux, which runs the doors in
\`tests/propagation/doors/\` on each runtime. With \`--check\` it compares, and writes nothing.
`;

/** Returns the page's text, not yet formatted. */
export function writeDocument(columns: readonly Column[]): string {
  const kinds = Object.entries(Object.groupBy(columns[0]!.entries, ({ kind }) => kind));
  const tables = kinds.map(([kind, entries]) => {
    const rows = entries!.map(({ door }) => row([door, ...columns.map((it) => cell(it, door))]));
    const head = [row(["Door", ...columns.map(({ title }) => title)]), rule(columns.length + 1)];
    return [`## ${kind}`, "", ...head, ...rows].join("\n");
  });
  const inAll = columns.map((it) => `- ${it.title} (${it.version}): ${counts(it.entries)}`);
  const lost = columns.map((it) => `- ${it.title}: ${losses(it.entries)}`);
  const lists = [[`## ${RUNTIMES}`, "", ...inAll], [`## ${LOSSES}`, "", ...lost]];
  return [INTRODUCTION, ...lists.map((lines) => lines.join("\n")), ...tables].join("\n\n");
}

/**
 * Returns what a page says of one runtime, whatever its version: the outcome of each door, and the
 * runtime's items under `RUNTIMES` and `LOSSES`.
 */
export function readColumn(text: string, title: string): Record<string, string | undefined> {
  const lines = text.replaceAll("\n  ", " ").split("\n"); // a long item's lines as one
  const item = (start: string) =>
    lines.find((line) => line.startsWith(start))?.replace(/^.*?: ?/, "");
  const rows = lines.filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1).map((it) => it.trim()));
  const index = rows[0]!.indexOf(title);
  const doors = rows.filter(([door]) => door !== "Door" && !/^-+$/.test(door!));
  return {
    [RUNTIMES]: item(`- ${title} (`),
    [LOSSES]: item(`- ${title}:`),
    ...Object.fromEntries(doors.map((cells) => [cells[0], cells[index]])),
  };
}

/** Returns what a survey says, in the form of `readColumn`. */
export function columnOf(entries: readonly Entry[]): Record<string, string | undefined> {
  return {
    [RUNTIMES]: counts(entries),
    [LOSSES]: losses(entries),
    ...Object.fromEntries(entries.map(({ door, plain }) => [door, plain.outcome])),
  };
}

/** Returns what a page says before its first section: it is the same for all runtimes. */
export function readIntroduction(text: string): string {
  return text.slice(0, text.indexOf("\n## "));
}

function counts(entries: readonly Entry[]): string {
  return OUTCOMES
    .map((outcome) => ({ outcome, count: doorsWith(outcome, entries).length }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${outcome}`)
    .join(", ");
}

function losses(entries: readonly Entry[]): string {
  return doorsWith("nothing", entries).join("; ");
}

function doorsWith(outcome: Outcome, entries: readonly Entry[]): string[] {
  return entries.filter(({ plain }) => plain.outcome === outcome).map(({ door }) => door);
}

function cell({ entries }: Column, door: string): string {
  return entries.find((entry) => entry.door === door)!.plain.outcome;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function rule(width: number): string {
  return row(Array(width).fill("---"));
}
