/** A task whose end, and whose error, nobody sees. */

import { type Rule, rule } from "../rule.ts";
import { calledName, fateOf, type Node } from "../syntax.ts";

export const floatingTask: Rule = rule(({ file, report }) => {
  for (const call of file.calls) {
    if (!file.start(call) || !file.givesPromise(call) || fateOf(call).kind !== "dropped") continue;
    let isCaught = false;
    let at = call;
    for (; at.parent.type === "MemberExpression"; at = at.parent.parent) {
      isCaught ||= calledName(at.parent.parent) === "catch" ||
        at.parent.parent.arguments.length > 1;
    }
    const known = file.functionsOf(file.start(call)!.fn);
    const isOver = known.length > 0 && known.every((it) => !file.isAsync(it) && !returnsCall(it));
    if (isCaught || isOver || at.parent.operator === "void") continue;
    report(
      call,
      "nobody waits for this task, and an error in it ends the program",
      "Await it, keep its promise, or write `.catch(...)`; `void` says that you mean it.",
    );
  }

  function returnsCall(fn: Node): boolean {
    return file.returned(fn).some((it) => it?.callee);
  }
});
