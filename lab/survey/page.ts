/** The tables of docs/propagation.md: how they are written, and how they are read. */

import type { Column } from "./runtimes.ts";
import { type Entry, LEAKS } from "./survey.ts";

/** What comes of each case on one runtime, by the case's name. */
export type Outcomes = Readonly<Record<string, string>>;

export const PAGE = new URL("../../docs/propagation.md", import.meta.url);

const NODE = "Node.js";

// What stands above the tables is written by hand.
const MARK = "<!-- Written by `deno task propagation` from here on. -->\n";

/** Returns the page with new tables, not yet formatted. */
export function withTables(page: string, columns: readonly Column[]): string {
  const versions = columns.map(({ title, version }) => `${title} (${version})`).join(", ");
  const kinds = Object.groupBy(columns[0]!.entries, ({ kind }) => kind);
  const tables = Object.entries(kinds).map(([kind, entries]) => {
    const rows = entries!.map(({ name }) => `| ${name} | ${cellOf(name, columns)} |`);
    const head = kind === LEAKS ? "| Leak | There |" : "| Callback | Sees |";
    return [`## ${kind}`, "", head, "| --- | --- |", ...rows, ""].join("\n");
  });
  const text = page.slice(0, page.indexOf(MARK));
  return [text + MARK, `Tried on Linux with ${versions}.`, "", ...tables].join("\n");
}

/** Returns what a page says of one runtime. */
export function readOutcomes(page: string, title: string): Outcomes {
  const rows = page.slice(page.indexOf(MARK)).matchAll(
    /^\| (?!-|Callback |Leak )(.+?) +\| (.+?) +\|$/gm,
  );
  return Object.fromEntries([...rows].flatMap(([, name, cell]) => {
    const found = cell!.split("; ").find((part) => isOf(part, title));
    return found === undefined ? [] : [[name!, found.replace(/^.*: /, "")]];
  }));
}

/** Returns what a survey has found, in the form of `readOutcomes`. */
export function outcomesOf(entries: readonly Entry[]): Outcomes {
  return Object.fromEntries(
    entries.filter(({ sees }) => sees !== "not there").map(({ name, sees }) => [name, sees]),
  );
}

/** Returns one word where the runtimes agree, else one for each, with its runtimes' names. */
function cellOf(name: string, columns: readonly Column[]): string {
  const found = columns.map(({ title, entries }) => ({ title, sees: outcomesOf(entries)[name] }))
    .filter(({ sees }) => sees !== undefined);
  const groups = Object.entries(Object.groupBy(found, ({ sees }) => sees!));
  if (groups.length === 1 && found.length === columns.length) return groups[0]![0];
  return groups.map(([sees, group]) => `${namesOf(group!, columns)}: ${sees}`).join("; ");
}

/** Lists the runtimes of a group; all versions of Node.js are called by their one name. */
function namesOf(group: readonly { title: string }[], columns: readonly Column[]): string {
  const titles = group.map(({ title }) => title);
  const nodes = columns.map(({ title }) => title).filter((it) => it.startsWith(NODE));
  if (!nodes.every((it) => titles.includes(it))) return titles.join(", ");
  return titles.filter((it) => !nodes.includes(it) || it === nodes[0])
    .map((it) => it === nodes[0] ? NODE : it).join(", ");
}

function isOf(part: string, title: string): boolean {
  if (!part.includes(": ")) return true;
  const names = part.replace(/: .*$/, "").split(", ");
  return names.includes(title) || (title.startsWith(NODE) && names.includes(NODE));
}
