/** The tables of docs/propagation.md: how they are written, and what of them is not so. */

import { isThere } from "./attempt.ts";
import type { Survey } from "./survey.ts";

/** What the survey has found on one runtime. */
export interface Column extends Survey {
  readonly title: string;
  readonly version: string;
}

const NODE = "Node.js";

// What stands above the tables is written by hand.
const MARK = "<!-- Written by `deno task propagation` from here on. -->\n";

/** Returns the page with new tables, not yet formatted. */
export function withTables(page: string, columns: readonly Column[]): string {
  const versions = columns.map(({ title, version }) => `${title} (${version})`).join(", ");
  const kinds = Object.groupBy(columns[0]!.entries, ({ kind }) => kind);
  const tables = Object.entries(kinds).map(([kind, entries]) => {
    const rows = entries!.map(({ name }) => `| ${name} | ${cellOf(name, columns)} |`);
    const head = kind === "Leaks" ? "| Leak | There |" : "| Callback | Sees |";
    return [`## ${kind}`, "", head, "| --- | --- |", ...rows, ""].join("\n");
  });
  const text = page.slice(0, page.indexOf(MARK));
  return [text + MARK, `Tried on Linux with ${versions}.`, "", ...tables].join("\n");
}

/** Returns what a runtime does not do as the page's tables say. */
export function differences(page: string, column: Column): string[] {
  const found = outcomesOf(column);
  const said = readOutcomes(page, column.title);
  return Object.keys({ ...said, ...found })
    .filter((name) => found[name] !== said[name])
    .map((name) => `${name}: ${found[name]}, and the page says ${said[name]}`);
}

/** Returns what a runtime does, by the names of the cases. */
function outcomesOf({ entries }: Column): Record<string, string> {
  const there = entries.filter(({ sees }) => isThere(sees));
  return Object.fromEntries(there.map(({ name, sees }) => [name, sees]));
}

/** Returns what the page says that a runtime does, by the names of the cases. */
function readOutcomes(page: string, title: string): Record<string, string> {
  const rows = page.slice(page.indexOf(MARK)).matchAll(
    /^\| (?!-|Callback |Leak )(.+?) +\| (.+?) +\|$/gm,
  );
  return Object.fromEntries([...rows].flatMap(([, name, cell]) => {
    const parts = cell!.split("; ").map((part) => part.split(": "));
    const found = parts.find(([names, sees]) =>
      sees === undefined || names!.split(", ").some((it) => `${title} `.startsWith(`${it} `))
    );
    return found === undefined ? [] : [[name!, found.at(-1)!]];
  }));
}

/** Returns one word where the runtimes agree, else one for each, with its runtimes' names. */
function cellOf(name: string, columns: readonly Column[]): string {
  const found = columns.filter((column) => outcomesOf(column)[name] !== undefined);
  const groups = Object.entries(Object.groupBy(found, (column) => outcomesOf(column)[name]!));
  if (groups.length === 1 && found.length === columns.length) return groups[0]![0];
  return groups.map(([sees, group]) => `${namesOf(group!, columns)}: ${sees}`).join("; ");
}

/** Lists runtimes; where all versions of Node.js are among them, by their one name. */
function namesOf(group: readonly Column[], columns: readonly Column[]): string {
  const isNode = ({ title }: Column) => title.startsWith(NODE);
  const all = columns.filter(isNode).every((it) => group.includes(it));
  return [...new Set(group.map((it) => all && isNode(it) ? NODE : it.title))].join(", ");
}
