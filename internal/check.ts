/** The checks of arguments and of `this` that several public functions share. */

import { describe } from "./inspect.ts";

const PASS_ITSELF = "pass the function itself, not its result";

/** Throws unless `fn` can be called. */
export function checkFunction(fn: unknown, caller: string, advice: string = PASS_ITSELF): void {
  if (typeof fn === "function") return;
  throw new TypeError(`${caller}() needs a function, got ${describe(fn)}; ${advice}`);
}

/** Makes the error for a method that was called on anything but an object of its class. */
export function wrongThis(
  className: string,
  method: string,
  got: unknown,
  call: string,
): TypeError {
  return new TypeError(
    `${className}.${method} was called on ${describe(got, className)}; ` +
      `call it as a method of a ${className}: ${call}`,
  );
}
