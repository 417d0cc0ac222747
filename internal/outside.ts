/**
 * Setting and taking back outside any task, and the copies that tasks make of the values there.
 *
 * A frame there holds assignments (assignments.ts). A task and a `Context` need the values: they
 * copy a snapshot of the frame.
 */

import { RuntimeError } from "../errors.ts";
import { Assignment, currentOf, Undo, valueOf } from "./assignments.ts";
import { currentFrame, Frame, frameStorage, rootFrame } from "./frame.ts";
import { ABSENT, type Key } from "./persistent_map.ts";
import { CANNOT_CARRY, carriesThroughAwait } from "./storage.ts";

/** Where code is that sets outside tasks. */
export type Place = "server" | "script" | "test";

const BIND = "bind the handler with new Context().bind(handler)";

const ADVICE: Record<Place, string> = {
  server: `in a server import "@contextvars/contextvars/servers", or ${BIND}`,
  script: "in a script start with createTask(main)",
  test: "in a test run the body by createTask(body)",
};

/** What stands for the advice to a server once `./servers` is imported. */
const ADVICE_SERVED =
  "bind a handler that no server calls, such as a job's, with new Context().bind(handler)";

let strict = false;

/**
 * The snapshots of frames. Code that sleeps keeps its frame alive, and so the frame's snapshot.
 * When a value is taken back, all snapshots are forgotten, so that none of them keeps it.
 */
let snapshots = new WeakMap<Frame, Frame>();

/** Returns a frame with the values of the current one: in a task that frame, else a snapshot. */
export function valuesOf(frame: Frame): Frame {
  // At the root nothing is ever set, so it has nothing to resolve.
  return frame.outside === undefined || frame === rootFrame ? frame : snapshotOf(frame);
}

/** As `valuesOf`, but it returns the same snapshot for as long as that is true and is held. */
export function momentOf(frame: Frame): Frame {
  const values = valuesOf(frame);
  if (frame.outside === undefined || frame === rootFrame) return values;
  const last = (frame.context as WeakRef<Frame> | undefined)?.deref();
  if (last?.equals(values)) return last;
  frame.context = new WeakRef(values);
  return values;
}

function snapshotOf(frame: Frame): Frame {
  let values = snapshots.get(frame);
  if (values === undefined) {
    values = new Frame(undefined, true);
    for (const [, held] of frame.entries()) {
      const { key } = held as Assignment;
      values.set(key.number, key, valueOf(held));
    }
    snapshots.set(frame, values);
  }
  return values;
}

/**
 * Makes what a token remembers of a `set` outside any task, before anything is set.
 *
 * @param frame The current frame.
 * @throws {RuntimeError} Nothing can be set outside tasks here.
 */
export function prepareOutside(frame: Frame, key: Key<object>, value: unknown): Undo {
  if (strict) throw cannotSet(key, "strict mode is on");
  const held = frame.get(key.number);
  const before = held === ABSENT ? new Assignment(key, ABSENT) : currentOf(held as Assignment);
  return new Undo(new Assignment(key, value), before);
}

/** Gives a variable the value that was prepared, for the code that follows. */
export function setOutside(frame: Frame, { assignment }: Undo): void {
  moveTo(frame, assignment, snapshots);
}

/**
 * Takes a value that was set outside any task back from everyone who has it. The code that follows,
 * if it is outside any task too, gets exactly what was there before the set.
 */
export function undoOutside({ assignment, before }: Undo, old: unknown): void {
  const frame = currentFrame();
  const instead = currentOf(before);
  const remaining = new WeakMap<Frame, Frame>();
  if (frame.outside !== undefined) {
    // Python brings the old value back even if that was taken back itself in the meantime.
    const own = Object.is(instead.value, old) ? instead : new Assignment(assignment.key, old);
    moveTo(frame, own, remaining);
  }
  // No call from here on: engines end code only in a call, when the stack or the time is used up.
  assignment.instead = instead;
  assignment.value = ABSENT;
  snapshots = remaining;
}

/** Makes `prepareOutside` throw from now on. */
export function beStrict(isServed = false): void {
  strict = true;
  if (isServed) ADVICE.server = ADVICE_SERVED;
}

/** Says what to do where a value would be set outside any task: at a known place, or at any. */
export function adviceOutside(place?: Place): string {
  if (!carriesThroughAwait) return "set it in a function that run() calls";
  return place === undefined ? `${ADVICE.server}; ${ADVICE.script}` : ADVICE[place];
}

/** Moves the code that follows to a new frame, outside any task. */
function moveTo(frame: Frame, assignment: Assignment, nextSnapshots: WeakMap<Frame, Frame>): void {
  const { key, value } = assignment;
  const next = new Frame(frame, true);
  next.set(key.number, key, value === ABSENT ? ABSENT : assignment);
  const values = snapshots.get(frame);
  if (values !== undefined) {
    const nextValues = new Frame(values, true);
    nextValues.set(key.number, key, value);
    nextSnapshots.set(next, nextValues);
  }
  try {
    frameStorage.enterWith(next);
  } catch (cause) {
    if (!carriesThroughAwait) throw cannotSet(key, `this runtime ${CANNOT_CARRY}`, { cause });
    // Cloudflare Workers, which have no server that `./servers` could serve.
    const advice = `${BIND}; ${ADVICE.script}`;
    const reason = "this runtime has no AsyncLocalStorage.enterWith";
    throw cannotSet(key, reason, { cause }, advice);
  }
}

function cannotSet(
  { owner }: Key<object>,
  reason: string,
  options?: ErrorOptions,
  advice = adviceOutside(),
): RuntimeError {
  return new RuntimeError(`cannot set ${owner} outside a task: ${reason}; ${advice}`, options);
}
