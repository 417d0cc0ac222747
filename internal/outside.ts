/**
 * What was set outside any task, and how everyone who has it loses it at once.
 *
 * Outside any task a `set` writes to no frame: it makes a new one, for the code that follows. So one
 * value spreads over many frames: that of its `set`, and those that later sets of other variables
 * make from it. All of them hold the same setting for it. Taking the value back touches the setting
 * alone; each frame catches up when it is next asked for (`currentFrame`).
 */

import { ABSENT, PersistentMap } from "./persistent_map.ts";

/** Counts the settings that were taken back. Settings whose `#seen` equals it are up to date. */
let timesTakenBack = 0;

/** What one `set` outside any task gave to a variable; `ABSENT` stands for no value. */
export class Setting {
  readonly number: number;
  readonly variable: object;
  readonly value: unknown;
  /** Once the value was taken back: the setting that stands in its place. */
  instead: Setting | undefined = undefined;

  /** Makes a setting. The number is the variable's in the map. */
  constructor(number: number, variable: object, value: unknown) {
    this.number = number;
    this.variable = variable;
    this.value = value;
  }
}

/** Returns a setting itself; where it was taken back, the one that stands in its place. */
export function currentOf(setting: Setting): Setting {
  let current = setting;
  while (current.instead !== undefined) current = current.instead;
  return current;
}

/** Takes the value of a change back from every frame that has it. */
export function takeBack({ setting, before }: Change): void {
  setting.instead = currentOf(before);
  timesTakenBack++;
}

/**
 * A setting, and the one that it replaced: what a token made outside any task remembers. Only a
 * change refers to the setting before: if settings did, a program that never resets would keep all.
 */
export class Change {
  readonly setting: Setting;
  readonly before: Setting;

  /** Makes a change. */
  constructor(setting: Setting, before: Setting) {
    this.setting = setting;
    this.before = before;
  }
}

/** The settings behind the values of one frame outside any task. */
export class Settings extends PersistentMap<object, Setting> {
  #seen = timesTakenBack;

  /** Puts a setting in place of what its variable had, here and in the frame's values. */
  put(setting: Setting, values: PersistentMap<object, unknown>): void {
    const { number, variable, value } = setting;
    if (value === ABSENT) {
      this.delete(number);
      values.delete(number);
    } else {
      this.set(number, variable, setting);
      values.set(number, variable, value);
    }
  }

  /** Brings a frame's values up to date; returns whether one of them was taken back. */
  catchUp(values: PersistentMap<object, unknown>): boolean {
    if (this.#seen === timesTakenBack) return false;
    this.#seen = timesTakenBack;
    const outdated = this.entries().filter(([, setting]) => setting.instead !== undefined);
    for (const [, setting] of outdated) this.put(currentOf(setting), values);
    return outdated.length > 0;
  }
}
