/**
 * Makes the variables of programs, so that a program does the same whichever ran before it.
 *
 * The map places a variable by its number, and numbers count up from the start of the process. So
 * fillers are made first, up to the next multiple of `STRIDE` and as many more as the program says.
 * All multiples are alike to the map, except 0: an empty map has its leaf for the numbers from 0 on.
 */

import { ContextVar } from "@contextvars/contextvars";
import type { Program, Value } from "./program.ts";

/** So large that a program's variables, with its offset, are not in two strides. */
const STRIDE = 2 * 32 ** 2;

/** How many variables there are: where programs are interpreted, nothing else makes any. */
let made = 0;

/** Makes a program's variables. */
export function makeVariables({ variables, offset }: Program): ContextVar<Value>[] {
  const first = (Math.floor(made / STRIDE) + 1) * STRIDE + offset;
  for (; made < first; made++) new ContextVar("filler");
  made += variables.length;
  return variables.map(({ name, ...options }) =>
    new ContextVar<Value>(name, options as { default: Value })
  );
}
