import { assertEquals, assertMatch } from "@std/assert";
import { it } from "@std/testing/bdd";
import { compare, describe, Python, pythonVersion, type Tracer } from "./cpython/compare.ts";
import { generate } from "./cpython/generate.ts";
import { interpret } from "./cpython/interpret.ts";
import type { Program } from "./cpython/program.ts";
import { shrink } from "./cpython/shrink.ts";
import { test } from "./helpers.ts";

/** A program that once left another trace than in CPython, or easily could. */
interface Kept {
  /** What the program shows. */
  readonly shows: string;
  readonly program: Program;
}

const PROGRAMS = 300;

const kept = new URL("cpython/kept/", import.meta.url);

/** Registers a test that needs CPython, and says so where there is none. */
function withPython(name: string, body: (python: Python) => Promise<void>): void {
  if (pythonVersion === undefined) {
    return it.skip(`${name} (skipped: no python3 here)`, () => {});
  }
  test(name, async () => {
    await using python = new Python();
    await body(python);
  });
}

/** Runs a program here, and leaves out of the trace what was reset. */
const withoutReset: Tracer = async (program) => {
  const trace = await interpret(program);
  return trace.filter((line) => !line.endsWith(": reset"));
};

withPython(`mod.ts leaves CPython's trace of ${PROGRAMS} random programs`, async (python) => {
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const { ours, theirs } = await compare(generate(seed), (program) => python.trace(program));
    assertEquals(
      ours,
      theirs,
      `seed ${seed}: deno task fuzz --seed ${seed} --seconds 0 shrinks it`,
    );
  }
});

for (const name of Array.from(Deno.readDirSync(kept), ({ name }) => name).sort()) {
  const { shows, program }: Kept = JSON.parse(Deno.readTextFileSync(new URL(name, kept)));
  withPython(`${shows}: as in CPython, cpython/kept/${name}`, async (python) => {
    const { ours, theirs } = await compare(program, (program) => python.trace(program));
    assertEquals(ours, theirs);
  });
}

test("compare() and shrink() find the smallest program that differs, and describe() shows it", async () => {
  const program = generate(1);
  const differs = async (candidate: Program) => !(await compare(candidate, withoutReset)).equal;
  assertEquals(await differs(program), true);
  const smallest = await shrink(program, differs);
  assertEquals(smallest.block.map(({ kind }) => kind), ["set", "reset"]);
  assertEquals(smallest.schedule, []);
  const shown = describe(await compare(smallest, withoutReset));
  assertMatch(shown, /^ {11}0 set .*: set\n {5}here: 0 reset .*: reset\n/m);
});

test("generate() makes the same program of the same seed", () => {
  assertEquals(generate(7), generate(7));
});
