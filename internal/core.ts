/**
 * What the other entry points take from the copy of the module that serves this program: see
 * shared.ts.
 *
 * It imports all that copies share, and mod.ts imports it. So no copy hands in a part alone.
 */

import "../context.ts";
import * as contextVar from "../context_var.ts";
import "../task.ts";
import * as frame from "./frame.ts";
import * as observed from "./observer.ts";
import * as outside from "./outside.ts";
import * as map from "./persistent_map.ts";
import { shared } from "./shared.ts";

const parts = shared({
  ABSENT: map.ABSENT,
  beStrict: outside.beStrict,
  callIn: frame.callIn,
  currentFrame: frame.currentFrame,
  enter: frame.enter,
  Frame: frame.Frame,
  frameStorage: frame.frameStorage,
  keyOf: contextVar.keyOf,
  lookUp: frame.lookUp,
  observer: observed.observer,
});

export type Frame = frame.Frame;
export const Frame: typeof frame.Frame = parts.Frame;
export const ABSENT: map.Absent = parts.ABSENT as map.Absent;
export const beStrict: typeof outside.beStrict = parts.beStrict;
export const callIn: typeof frame.callIn = parts.callIn;
export const currentFrame: typeof frame.currentFrame = parts.currentFrame;
export const enter: typeof frame.enter = parts.enter;
export const frameStorage: typeof frame.frameStorage = parts.frameStorage;
export const keyOf: typeof contextVar.keyOf = parts.keyOf;
export const lookUp: typeof frame.lookUp = parts.lookUp;
export const observer: typeof observed.observer = parts.observer;
