import { assertEquals } from "@std/assert";
import { compare, findPython, type Interpret, Side } from "./compare.ts";
import { generate } from "./generate.ts";
import { interpret } from "./interpret.ts";
import { DID_NOT_END, type Program } from "./program.ts";
import { shrink } from "./shrink.ts";

const ignore = findPython() === undefined;

/** Leaves out of the trace what was reset. */
const withoutReset: Interpret = async (program) => {
  const trace = await interpret(program);
  return trace.filter(({ kind, gave }) => kind !== "reset" || gave !== null);
};

Deno.test("mod.ts leaves CPython's trace of 300 random programs", { ignore }, async () => {
  await using ours = Side.ours();
  await using theirs = Side.theirs();
  for (let seed = 1; seed <= 300; seed++) {
    const { difference } = await compare(generate(seed), ours.interpret, theirs.interpret);
    assertEquals(difference, undefined, `deno task fuzz --seed ${seed} --seconds 0 shrinks it`);
  }
});

Deno.test("shrink() finds the smallest program that differs", async () => {
  const differs = async (program: Program) =>
    "difference" in await compare(program, interpret, withoutReset);
  assertEquals(await differs(generate(4)), true);
  const { block, schedule } = await shrink(generate(4), differs);
  assertEquals(block.map(({ kind }) => kind), ["set", "reset"]);
  assertEquals(schedule, []);
});

Deno.test("compare() takes a program that does not end for one that differs", async () => {
  const endless: Interpret = () => Promise.resolve([DID_NOT_END]);
  const differ = async (ours: Interpret, theirs: Interpret) =>
    "difference" in await compare(generate(4), ours, theirs);
  assertEquals(await differ(interpret, interpret), false);
  assertEquals(await differ(interpret, endless), true);
  assertEquals(await differ(endless, interpret), true);
  assertEquals(await differ(endless, endless), true);
});

Deno.test("Both sides give up a program in time, and run the next", { ignore }, async () => {
  await using ours = Side.ours();
  await using theirs = Side.theirs();
  assertEquals(await ours.interpret(generate(4), 0), [DID_NOT_END]);
  assertEquals(await theirs.interpret(generate(4), 0), [DID_NOT_END]);
  const { difference } = await compare(generate(4), ours.interpret, theirs.interpret);
  assertEquals(difference, undefined);
});
