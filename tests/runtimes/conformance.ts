/**
 * The conformance program: what the module promises and a runtime could break, checked through the
 * public names alone.
 *
 * It imports nothing but the package and modules of Node.js that all runtimes have.
 */

import { type Outcome, runChecks } from "./check.ts";
import "./checks/context.ts";
import "./checks/context_var.ts";
import "./checks/outside.ts";
import "./checks/printing.ts";
import "./checks/propagation.ts";
import "./checks/task.ts";
import "./checks/token.ts";

/** Runs the program, and tells how many checks passed. */
export function conformance(): Promise<Outcome> {
  return runChecks();
}
