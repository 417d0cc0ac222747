/** The sections of docs/benchmarks.md: what each measures, and how its table shows it. */

import { interleave, minimum, ratio, significant, table, time, whole } from "./interleave.ts";
import type { Variant } from "./variants.ts";

/** What a request costs, with more and more variables. */
export async function requests(variants: readonly Variant[]): Promise<string> {
  const numbers = [1, 3, 5, 10, 20];
  const rows: string[][] = [];
  for (const { name, command } of variants) {
    const columns: string[][] = [];
    for (const variables of numbers) {
      const subjects = ["contextvars", "Map", "Map again"] as const;
      const measured = await interleave(subjects, (it) => command(it, "request", variables));
      const [ours, map, again] = subjects.map((subject) => measured[subject]["request"]!);
      const times = [ours!, map!].map((rounds) => significant(minimum(rounds)));
      columns.push([...times, ratio(ours!, map!), ratio(again!, map!)]);
    }
    ["contextvars, ns", "Map, ns", "**contextvars to Map**", "Map to itself"]
      .forEach((what, i) => rows.push([name, what, ...columns.map((column) => column[i]!)]));
  }
  return `## A request

A handler is called in an empty context, by \`new Context().bind(handler)\` or by
\`storage.run(new Map(), handler)\`. It sets each of 1 to 20 variables, and gets 20 values.
They are the first variables of the program, of which five are faster than all others: see
[design.md](design.md).

${table(["on", "", ...numbers.map(String)], rows)}`;
}

/** What each operation costs, with few and with many variables. */
export async function operations(variants: readonly Variant[]): Promise<string> {
  const rows: string[][] = [];
  for (const { name, command } of variants) {
    for (const variables of [10, 10_000]) {
      const subjects = ["contextvars", "Map", "CPython", "Map again"] as const;
      const measured = await interleave(subjects, (it) => command(it, "operations", variables));
      for (const what of Object.keys(measured.contextvars)) {
        const [ours, map, python, again] = subjects.map((subject) => measured[subject][what]!);
        const times = [ours!, map!, python!].map(time);
        const ratios = [ratio(ours!, map!), ratio(again!, map!)];
        rows.push([name, what, whole(variables), ...times, ...ratios]);
      }
    }
  }
  const times = ["contextvars, ns", "Map, ns", "CPython, ns"];
  const ratios = ["**contextvars to Map**", "Map to itself"];
  return `## Operations

In a task in which 10 or 10 000 variables are set. Where ours copies a context, the Map is copied;
where ours only sets, so does it. \`set + reset, unset before\` is of one more variable. CPython's
task goes through its event loop.

${table(["on", "operation", "variables", ...times, ...ratios], rows)}`;
}

/** The operations that may take longer the more variables there are. */
const GROWING = ["get", "set", "copy + enter + set"];

/** What grows with the number of variables, of contexts and of tasks. */
export async function growth({ name, command }: Variant): Promise<string> {
  const numbers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
  const questions = {
    operations: GROWING.map((what) => [what, `${what}, ns`]),
    contexts: [["contexts", "one context more, ns"], ["bytes", "a context, bytes"]],
    chain: [["chain", "a task in a chain, ns"], ["bytes", "a task in a chain, bytes"]],
  };
  const subjects = ["contextvars", "Map", "CPython"];
  const rows: string[][] = [];
  for (const [question, figures] of Object.entries(questions)) {
    const cells = figures.flatMap(([what, title]) =>
      subjects.map((subject) => ({ what: what!, subject, row: [title!, subject] }))
    );
    for (const number of numbers) {
      const wanted = question === "operations" ? GROWING : [];
      // To copy a Map with more variables takes too long.
      const measured = question === "operations" && number > 100_000
        ? {}
        : await interleave(subjects, (it) => command(it, question, number, ...wanted), 2);
      for (const { what, subject, row } of cells) {
        const rounds = measured[subject]?.[what];
        // Up to a hundred contexts, or tasks, are too few to weigh one.
        if (rounds === undefined || what === "bytes" && number <= 100) row.push("–");
        else row.push((what === "bytes" ? whole : significant)(minimum(rounds)));
      }
    }
    rows.push(...cells.map(({ row }) => row));
  }
  return `## Growth, on ${name}

With so many variables in the context; with so many contexts alive, each a copy of one with ten
variables in which one is set; in a chain of so many tasks, each of which starts the next.

${table(["", "", ...numbers.map(whole)], rows)}`;
}

/** How many times as long ten thousand variables take as ten. */
export async function tenThousand(variants: readonly Variant[]): Promise<string> {
  const rows: string[][] = [];
  for (const { name, command } of variants) {
    const names = ["contextvars 10", "contextvars 10000", "Map 10", "Map 10000"] as const;
    const measured = await interleave(names, (it) => {
      const [subject, number] = it.split(" ");
      return command(subject!, "operations", number!, ...GROWING);
    });
    for (const subject of ["contextvars", "Map"] as const) {
      const [few, many] = [measured[`${subject} 10`], measured[`${subject} 10000`]];
      const growth = GROWING.map((what) => minimum(many[what]!) / minimum(few[what]!));
      rows.push([name, subject, ...growth.map(significant)]);
    }
  }
  return `## Ten thousand variables against ten

How many times as long each operation takes, by minima.

${table(["on", "", ...GROWING], rows)}`;
}

/** What contexts cost a whole server. */
export async function servers({ command }: Variant): Promise<string> {
  const subjects = ["no context", "contextvars", "Map", "Map again"] as const;
  const measured = await interleave(subjects, (it) => command(it, "server", 5));
  const rows = subjects.map((subject) => {
    const [cpu, map] = [measured[subject], measured.Map].map((of) => of["cpu"]!);
    return [subject, time(cpu!), ratio(cpu!, map!)];
  });
  return `## Servers

A whole \`Deno.serve\`, whose requests set 5 variables and get 20 values: the processor time of the
server for one request.

${table(["with", "ns", "to a Map"], rows)}`;
}
