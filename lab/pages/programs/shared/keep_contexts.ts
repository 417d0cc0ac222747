/** Faked clocks call back as whoever ticks; after this, as who has set the timer. */

import { AsyncLocalStorage } from "node:async_hooks";

const REAL = Object.entries({ setTimeout, setInterval, setImmediate });

/** Call it after the clock was faked. */
export function keepContexts(): void {
  for (const [name, real] of REAL) {
    const fake = Reflect.get(globalThis, name);
    if (fake === real) continue;
    const kept = (callback: () => void, ...rest: unknown[]) =>
      fake(AsyncLocalStorage.bind(callback), ...rest);
    // With the properties of `fake`, by which a clock knows what to restore.
    Object.assign(globalThis, { [name]: Object.assign(kept, fake) });
  }
}
