/**
 * Stands in for `@std/testing/types` where JSR cannot be reached: as much of it as the tests use,
 * over npm's `conditional-type-checks`.
 */

export type { AssertTrue, Has, IsExact, IsNullable } from "npm:conditional-type-checks@1.0.6";

/** Accepts only the type argument that the check comes out as. */
export function assertType<_T extends boolean>(_expected: _T): void {}
