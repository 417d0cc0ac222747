/**
 * What the other entry points take from the copy of the module that serves this program: see
 * shared.ts.
 *
 * It imports all that copies share, and mod.ts imports it. So no copy hands in a part alone.
 */

import "../context.ts";
import "../context_var.ts";
import "../task.ts";
import * as frame from "./frame.ts";
import * as observed from "./observer.ts";
import * as outside from "./outside.ts";
import { shared } from "./shared.ts";

const parts = shared({
  beStrict: outside.beStrict,
  callIn: frame.callIn,
  currentFrame: frame.currentFrame,
  Frame: frame.Frame,
  frameStorage: frame.frameStorage,
  observer: observed.observer,
});

export type Frame = frame.Frame;
export const Frame: typeof frame.Frame = parts.Frame;
export const beStrict: typeof outside.beStrict = parts.beStrict;
export const callIn: typeof frame.callIn = parts.callIn;
export const currentFrame: typeof frame.currentFrame = parts.currentFrame;
export const frameStorage: typeof frame.frameStorage = parts.frameStorage;
export const observer: typeof observed.observer = parts.observer;
