/** How steps, values and errors are written in a trace. `interpret.py` writes them alike. */

import { LookupError, RuntimeError, ValueError } from "@contextvars/contextvars";
import type { Step } from "./program.ts";

/** What CPython's messages say too; tells the reasons of one class apart. */
const REASONS = [
  "a ContextVar key was expected",
  "has already been used once",
  "was created by a different ContextVar",
  "was created in a different Context",
  "is already entered",
];

const ERRORS = [LookupError, RuntimeError, TypeError, ValueError];

/** What a program raises by itself. */
export class ProgramError extends Error {}

/** What Python's `context[variable]` raises, where this module's contexts return `undefined`. */
export class KeyError extends Error {}

/** Names a step by its kind, and by everything in it that is not a block. */
export function label(step: Step): string {
  const operands = Object.entries(step).filter(([key, value]) =>
    key !== "kind" && !Array.isArray(value)
  );
  return [step.kind, ...operands.map(([key, value]) => `${key}=${show(value)}`)].join(" ");
}

/** Writes a value as JSON; `undefined` as null, for Python's None is both. */
export function show(value: unknown): string {
  return JSON.stringify(value ?? null);
}

/** Names an error by its class, and by its reason where the class has several. */
export function reasonOf(error: unknown): string {
  if (error instanceof ProgramError) return "ProgramError";
  if (error instanceof KeyError) return "KeyError";
  if (!(error instanceof Error) || !ERRORS.some((known) => error.constructor === known)) {
    return String(error);
  }
  const reason = REASONS.find((text) => error.message.includes(text));
  return reason === undefined ? error.name : `${error.name}: ${reason}`;
}
