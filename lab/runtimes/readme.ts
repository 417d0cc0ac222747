/** README's table of the runtimes: written from what the tests gave, between two marks. */

const README = new URL("../../README.md", import.meta.url);
const BLOCK = /(?<=<!-- deno task runtimes --write -->\n)[^]*?(?=<!-- end -->)/;

/** What the tests gave on a runtime. */
export interface Row {
  readonly title: string;
  readonly version: string;
  readonly passed: number;
  /** Those that need what the runtime does not have. */
  readonly skipped: number;
  readonly failed: number;
}

/** Makes the table, formatted as `deno fmt` has it. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ title, version, passed, skipped, failed }) => [
    `${title} (${version})`,
    [`${passed} pass`, ...counted(failed, "fail"), ...counted(skipped, "skipped")].join(", "),
  ]);
  const lines = [["runtime", "tests"], ["", ""], ...cells];
  const widths = [0, 1].map((column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line, index) =>
    `| ${line.map((cell, i) => cell.padEnd(widths[i]!, index === 1 ? "-" : " ")).join(" | ")} |\n`
  ).join("");
}

function counted(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

/** Tells whether README has the table of the rows; newer versions may give the same. */
export async function hasTable(rows: readonly Row[]): Promise<boolean> {
  const [block = ""] = (await Deno.readTextFile(README)).match(BLOCK) ?? [];
  const withoutVersions = (table: string) => table.trim().replaceAll(/ \(.*?\) *|-+/g, "");
  return withoutVersions(block) === withoutVersions(tableOf(rows));
}

/** Writes the table of the rows into README. */
export async function writeTable(rows: readonly Row[]): Promise<void> {
  const text = await Deno.readTextFile(README);
  await Deno.writeTextFile(README, text.replace(BLOCK, `\n${tableOf(rows)}\n`));
}
