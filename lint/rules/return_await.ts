/** A promise that is not awaited before the value that it needs is taken back. */

import { type Rule, rule } from "../rule.ts";
import {
  awaits,
  fateOf,
  isFunction,
  nameOf,
  type Node,
  ownerOf,
  precedes,
  rootOf,
} from "../syntax.ts";

export const returnAwait: Rule = rule(({ file, effects, report }) => {
  for (const set of file.calls) {
    const [variable, fn] = [file.method(set, "set"), ownerOf(set)];
    const end = variable && effects.endOf(set, variable);
    if (end === undefined || !isFunction(fn) || fn.generator) continue;
    const parts = effects.partsOf(fn).filter((it) => precedes(set, it) && it.range[1] < end);
    for (const call of parts) if (givesPromise(call, fn)) tell(call, variable!, parts);
  }

  function tell(call: Node, variable: Node, parts: Node[]): void {
    const fn = ownerOf(call);
    const { kind, name } = fateOf(call);
    const isWaited = parts.some((it) => precedes(call, it) && awaits(it, name, file.text));
    const isReturned = kind === "returned" ||
      name && file.returned(fn).some((it) => it?.name === name);
    if (/^(awaited|dropped)$/.test(kind) || isWaited) return;
    if (!isReturned && !effects.ofCall(call).gets.has(variable)) return;
    const message = "% is taken back before this promise is settled";
    const hint = kind === "returned"
      ? "Write `return await`, in an async function."
      : "Await it before.";
    const canFix = fn.async && call.parent.type === "ReturnStatement";
    report(
      call,
      [variable],
      message,
      hint,
      canFix && ((fixer) => fixer.insertTextBefore(call, "await ")),
    );
  }

  /** Whether a call gives a promise, as far as its function, or the function around it, shows. */
  function givesPromise(call: Node, fn: Node): boolean {
    if (file.method(call, "get", "set", "reset") || call.type !== "CallExpression") return false;
    const isTyped = file.isAsync(fn) && !fn.async && fateOf(call).kind === "returned";
    if (file.givesPromise(call) || isTyped) return true;
    const root = rootOf(call);
    const isForeign = root?.type === "ThisExpression" || root?.name && file.lookUp(root.name, call);
    const isUnknown = nameOf(call) !== "" && file.functionsOf(call.callee).length === 0;
    return fn.async && isForeign && isUnknown &&
      !effects.partsOf(fn).some((it) => /^Await/.test(it.type));
  }
});
