import { assertEquals, assertMatch } from "@std/assert";
import { createTask } from "@contextvars/contextvars";
import { runDeno } from "../../tests/command.ts";
import { inTask } from "../../tests/harness.ts";
import { compare, describe } from "./compare.ts";
import { generate } from "./generate.ts";
import { ModuleInterpreter } from "./module_interpreter.ts";
import { interpret } from "./interpret.ts";
import type { Program } from "./program.ts";
import { PythonInterpreter, pythonVersion } from "./python_interpreter.ts";
import { DID_NOT_END, type Interpreter } from "./interpreter.ts";
import { shrink } from "./shrink.ts";

const PROGRAMS = 300;

if (pythonVersion === undefined) console.log("fuzz_test.ts compares nothing: no python3 here");

/** Registers a test of both sides. */
function pythonTest(
  name: string,
  body: (here: ModuleInterpreter, python: PythonInterpreter) => Promise<void>,
): void {
  Deno.test(name, { ignore: pythonVersion === undefined }, () =>
    createTask(async () => {
      using here = new ModuleInterpreter();
      await using python = new PythonInterpreter();
      await body(here, python);
    }));
}

const complete: Interpreter = { trace: interpret };

/** Leaves out of the trace what was reset. */
const withoutReset: Interpreter = {
  async trace(program) {
    const trace = await interpret(program);
    return trace.filter((line) => !/ reset .*: null$/.test(line));
  },
};

/** Ends no program. */
const endless: Interpreter = { trace: () => Promise.resolve([DID_NOT_END]) };

pythonTest(`mod.ts leaves CPython's trace of ${PROGRAMS} random programs`, async (here, python) => {
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const { ours, theirs } = await compare(generate(seed), here, python);
    assertEquals(ours, theirs, `deno task fuzz --seed ${seed} --seconds 0 shrinks it`);
  }
});

inTask("shrink() finds the smallest program that differs, and describe() shows it", async () => {
  const program = generate(4);
  const differs = async (candidate: Program) =>
    !(await compare(candidate, complete, withoutReset)).equal;
  assertEquals(await differs(program), true);
  const smallest = await shrink(program, differs);
  assertEquals(smallest.block.map(({ kind }) => kind), ["set", "reset"]);
  assertEquals(smallest.schedule, []);
  const shown = describe(await compare(smallest, complete, withoutReset));
  assertMatch(shown, /^ {11}0 set .*: null\n {5}here: 0 reset .*: null\n/m);
});

inTask("compare() takes a program that does not end for one that differs", async () => {
  const program = generate(4);
  assertEquals((await compare(program, complete, complete)).equal, true);
  assertEquals((await compare(program, complete, endless)).equal, false);
  assertEquals((await compare(program, endless, complete)).equal, false);
  assertEquals((await compare(program, endless, endless)).equal, false);
});

pythonTest("Both sides give up a program in time, and run the next", async (here, python) => {
  const program = generate(4);
  const over = AbortSignal.abort("it is time");
  assertEquals(await here.trace(program, over), [`${DID_NOT_END}: it is time`]);
  assertEquals(await python.trace(program, over), [`${DID_NOT_END}: it is time`]);
  assertEquals((await compare(program, here, python)).equal, true);
});

Deno.test("fuzz.ts refuses an option that it does not know, and not as a mismatch", async () => {
  const cwd = new URL("..", import.meta.url);
  const { code, stderr } = await runDeno(["task", "--quiet", "fuzz", "--wrong"], { cwd });
  assertEquals(code, 2);
  assertMatch(stderr, /^usage: .*\n$/);
});

Deno.test("generate() makes the same program of the same seed", () => {
  assertEquals(generate(7), generate(7));
});
