/** What grows, and how fast: sections of docs/benchmarks.md, from programs/operations.ts and growth.ts. */

import { interleave, type Measured, minimum, significant, table, whole } from "./interleave.ts";
import { cpython, type Variant } from "./variants.ts";

const NUMBERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
/** To copy a Map with more variables takes too long. */
const MOST_VARIABLES = 100_000;
/** So many contexts, or tasks, are too few to weigh one. */
const FEW = 100;
const STARTS = 2;

const OPERATIONS = ["get", "set", "copy + enter + set"];
const SUBJECTS = ["contextvars", "Map", "CPython"];
/** What a row is called, the question that it is from, and its name in the answer. */
const ROWS = [
  ...OPERATIONS.map((name) => [`${name}, ns`, "operations", name] as const),
  ["one context more, ns", "contexts", "contexts"],
  ["a context, bytes", "contexts", "bytes"],
  ["a task in a chain, ns", "chain", "chain"],
  ["a task in a chain, bytes", "chain", "bytes"],
] as const;

/** Measures what grows on one runtime, against CPython too, and returns the section. */
export async function growth({ name, command }: Variant): Promise<string[]> {
  const measured = new Map<string, Measured>();
  for (const question of ["operations", "contexts", "chain"]) {
    for (const number of NUMBERS) {
      if (question === "operations" && number > MOST_VARIABLES) continue;
      console.log(`growth of ${question} to ${number}, ${name}`);
      const ask = (subject: string) =>
        question === "operations"
          ? command("operations", subject, number, ...OPERATIONS)
          : command("growth", subject, question, number);
      const python = question === "operations" ? OPERATIONS : [];
      const commands = {
        contextvars: ask("contextvars"),
        Map: ask("Map"),
        CPython: cpython(question, number, ...python),
      };
      measured.set(`${question} ${number}`, await interleave(commands, STARTS));
    }
  }
  const cell = (question: string, what: string, subject: string, number: number) => {
    const rounds = measured.get(`${question} ${number}`)?.[subject]?.[what];
    if (rounds === undefined || what === "bytes" && number <= FEW) return "–";
    return (what === "bytes" ? whole : significant)(minimum(rounds));
  };
  return [
    `## Growth, on ${name}`,
    "",
    "With so many variables in the context; with so many contexts alive, each a copy of one with ten",
    "variables in which one is set; in a chain of so many tasks, each of which starts the next.",
    ...table(
      ["", "", ...NUMBERS.map(whole)],
      ROWS.flatMap(([title, question, what]) =>
        SUBJECTS.map((subject) => [
          title,
          subject,
          ...NUMBERS.map((number) => cell(question, what, subject, number)),
        ])
      ),
    ),
  ];
}

/** Compares ten thousand variables with ten on each runtime, and returns the section. */
export async function tenThousand(variants: readonly Variant[]): Promise<string[]> {
  const rows: string[][] = [];
  for (const { name, command } of variants) {
    console.log(`ten thousand variables, ${name}`);
    const ask = (subject: string, number: number) =>
      command("operations", subject, number, ...OPERATIONS);
    const measured = await interleave({
      "contextvars 10": ask("contextvars", 10),
      "contextvars 10000": ask("contextvars", 10_000),
      "Map 10": ask("Map", 10),
      "Map 10000": ask("Map", 10_000),
    });
    const growth = (subject: string, what: string) =>
      minimum(measured[`${subject} 10000`]![what]!) / minimum(measured[`${subject} 10`]![what]!);
    for (const subject of ["contextvars", "Map"]) {
      rows.push([name, subject, ...OPERATIONS.map((what) => significant(growth(subject, what)))]);
    }
  }
  return [
    "## Ten thousand variables against ten",
    "",
    "How many times as long each operation takes, by minima.",
    ...table(["on", "", ...OPERATIONS], rows),
  ];
}
