/** A promise that is not awaited before the value that it needs is taken back. */

import { type Rule, rule } from "../rule.ts";
import { calledName, fateOf, functionAround, isFunction, type Node, rootOf } from "../syntax.ts";

export const returnAwait: Rule = rule(({ file, effects, report }) => {
  for (const set of file.calls) {
    const variable = file.method(set, "set");
    const end = variable && effects.endOf(set, variable);
    if (end === undefined || !isFunction(functionAround(set))) continue;
    const parts = effects.partsOf(functionAround(set)).filter((it) => it.range[0] > set.range[1]);
    for (const call of parts) if (call.range[1] < end) tell(call, variable!, parts, end);
  }

  function tell(call: Node, variable: Node, parts: Node[], end: number): void {
    const fn = functionAround(call);
    const { kind, name } = fateOf(call);
    if (/^(awaited|dropped)$/.test(kind) || fn.generator || !givesPromise(call, fn)) return;
    const isWaited = parts.some((it) =>
      it.type === "AwaitExpression" && it.range[0] > call.range[1] && it.range[1] < end &&
      name && new RegExp(`\\b${name}\\b`).test(file.text(it))
    );
    const isReturned = kind === "returned" ||
      name && file.returned(fn).some((it) => it?.name === name);
    if (isWaited || !isReturned && !effects.ofCall(call).gets.has(variable)) return;
    const hint = kind === "returned"
      ? "Write `return await`, in an async function."
      : "Await it before.";
    const canFix = fn.async && call.parent.type === "ReturnStatement";
    report(
      call,
      `${file.names([variable])} is taken back before this promise is settled`,
      hint,
      canFix && ((fixer) => fixer.insertTextBefore(call, "await ")),
    );
  }

  /** Whether a call gives a promise, as far as its function, or the function around it, shows. */
  function givesPromise(call: Node, fn: Node): boolean {
    if (file.method(call, "get", "set", "reset") || call.type !== "CallExpression") return false;
    if (
      file.givesPromise(call) || file.isAsync(fn) && !fn.async && fateOf(call).kind === "returned"
    ) return true;
    const root = rootOf(call);
    const isForeign = root?.type === "ThisExpression" || root?.name && file.lookUp(root.name, call);
    return fn.async && isForeign && calledName(call) !== "" &&
      file.functionsOf(call.callee).length === 0 &&
      !effects.partsOf(fn).some((it) => it.type === "AwaitExpression");
  }
});
