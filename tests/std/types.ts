/** `@std/testing/types`, where JSR cannot be reached: the package from which it comes. */

export { assert as assertType, type Has, type IsExact } from "conditional-type-checks";
