/** A task whose end, and whose error, nobody sees. */

import { type Rule, rule } from "../rule.ts";
import { fateOf, nameOf, type Node } from "../syntax.ts";

export const floatingTask: Rule = rule(({ file, report }) => {
  for (const call of file.calls) {
    const start = file.start(call);
    if (!start || !file.givesPromise(call) || fateOf(call).kind !== "dropped") continue;
    let [at, isCaught] = [call, false];
    for (; at.parent.type === "MemberExpression"; at = at.parent.parent) {
      isCaught ||= nameOf(at.parent.parent) === "catch" || at.parent.parent.arguments.length > 1;
    }
    const known = file.functionsOf(start.fn);
    const isOver = known.length > 0 && !known.some((it) => file.isAsync(it) || returnsCall(it));
    if (isCaught || isOver || at.parent.operator === "void") continue;
    const hint =
      "Await it, keep its promise, or write `.catch(...)`; `void` says that you mean it.";
    report(
      call,
      undefined,
      "nobody waits for this task, and an error in it ends the program",
      hint,
    );
  }

  function returnsCall(fn: Node): boolean {
    return file.returned(fn).some((it) => it?.callee);
  }
});
