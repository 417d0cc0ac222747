/**
 * Setting and taking back outside any task. There a `set` does not write to the current frame: it
 * moves the code that follows to a new one, by `enterWith`.
 */

import { RuntimeError } from "../errors.ts";
import { Assignment, Assignments, currentOf, takeBack, Undo } from "./assignments.ts";
import { currentFrame, Frame, frameStorage } from "./frame.ts";
import { ABSENT } from "./persistent_map.ts";
import { CANNOT_CARRY, carriesThroughAwait } from "./storage.ts";

let strict = false;

/**
 * Gives a variable a value outside any task, for the code that follows.
 *
 * @param frame The current frame.
 * @throws {RuntimeError} Nothing can be set outside tasks here.
 */
export function setOutside(
  frame: Frame,
  number: number,
  variable: object,
  value: unknown,
): Undo {
  if (strict) throw cannotSet(variable, "strict mode is on");
  const assignment = new Assignment(number, variable, value);
  const held = frame.outside!.get(number);
  const before = held === ABSENT ? new Assignment(number, variable, ABSENT) : held;
  moveTo(frame, assignment);
  return new Undo(assignment, before);
}

/**
 * Takes a value that was set outside any task back from everyone who has it. The code that follows,
 * if it is outside any task too, gets exactly what was there before the change.
 */
export function undoOutside(undo: Undo): void {
  const frame = currentFrame();
  if (frame.outside !== undefined) {
    const { number, variable, value } = undo.before;
    const before = currentOf(undo.before);
    // Python brings the old value back even if that was taken back itself in the meantime.
    moveTo(
      frame,
      Object.is(before.value, value) ? before : new Assignment(number, variable, value),
    );
  }
  takeBack(undo);
}

/** Makes `setOutside` throw from now on. */
export function forbidSettingOutside(): void {
  strict = true;
}

/** Says what to do where a value would be set outside any task. */
export function adviceOutside(): string {
  if (!carriesThroughAwait) return "set it in a function that run() calls";
  return 'in a server import "@contextvars/contextvars/servers", or bind the handler with ' +
    "new Context().bind(handler); in a script start with createTask(main)";
}

/** Moves the code that follows to a new frame, outside any task. */
function moveTo(frame: Frame, assignment: Assignment): void {
  const assignments = new Assignments(frame.outside);
  const next = new Frame(frame, assignments);
  assignments.put(assignment, next);
  try {
    frameStorage.enterWith(next);
  } catch (cause) { // Cloudflare Workers: not implemented
    const reason = `this runtime ${
      carriesThroughAwait ? "has no AsyncLocalStorage.enterWith" : CANNOT_CARRY
    }`;
    throw cannotSet(assignment.variable, reason, { cause });
  }
}

function cannotSet(variable: object, reason: string, options?: ErrorOptions): RuntimeError {
  const what = `cannot set ${variable} outside a task`;
  return new RuntimeError(`${what}: ${reason}; ${adviceOutside()}`, options);
}
