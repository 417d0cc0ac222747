/** `@std/testing/mock`, where JSR cannot be reached: its `spy`, by that of `node:test`. */

import { mock } from "node:test";

/** What a spy records of a call. */
export interface SpyCall<A extends unknown[], R> {
  readonly args: A;
  readonly returned?: R;
}

/** Wraps a function, and records its calls. */
export function spy<A extends unknown[], R>(
  fn: (...args: A) => R,
): ((...args: A) => R) & { readonly calls: SpyCall<A, R>[] } {
  const spied = mock.fn(fn);
  const calls = () =>
    spied.mock.calls.map((call) => ({ args: call.arguments as A, returned: call.result as R }));
  return Object.defineProperty(spied, "calls", { get: calls }) as never;
}
