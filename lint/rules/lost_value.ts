/** A value on one side of a task's border that is needed on the other. */

import { type Rule, rule } from "../rule.ts";
import { around, fateOf, functionAround, isFunction, type Node } from "../syntax.ts";

export const lostValue: Rule = rule(({ file, effects, report }) => {
  for (const call of file.calls) {
    const start = file.start(call);
    const fn = functionAround(call);
    if (!start || start.how === "bind" || !isFunction(fn)) continue;
    const before: Node[] = [];
    for (let at = fn; isFunction(at); at = functionAround(at)) {
      before.push(
        ...effects.partsOf(at).filter((it) => it.range[1] < call.range[0]).flatMap(setBy),
      );
    }
    for (const task of file.functionsOf(start.fn)) {
      const { found, gets, left } = effects.of(task);
      const needed = found.filter((it) => before.includes(it));
      if (file.isNew(start.context, "Context") && needed.length > 0) {
        const message = `an empty context does not have what was just set: ${file.names(needed)}`;
        report(start.context, message, "Use createTask(fn, ...args), which starts with a copy.");
      }
      const isWaited = fateOf(call).kind === "awaited" || !file.givesPromise(call);
      const isNamed = start.context && !start.context.callee; // and can be asked for the value
      const after = effects.partsOf(fn).filter((it) => it.range[0] > call.range[1]);
      const lost = left.filter((it) => !gets.has(it) && !before.includes(it) && isRead(after, it));
      if (!isWaited || isNamed || lost.length === 0) continue;
      const message = `${file.names(lost)} is set in this task alone, and read below, outside it`;
      report(
        call,
        message,
        "Await the function itself, without a task: both then share a context.",
      );
    }
  }

  function setBy(part: Node): Node[] {
    const set = file.method(part, "set");
    return set ? [set] : part.callee ? [...effects.ofCall(part).sets.keys()] : [];
  }

  /** Whether a variable is read before it is set again, and not by a test. */
  function isRead(parts: Node[], variable: Node): boolean {
    const use = parts.find((it) =>
      file.method(it, "get") === variable || setBy(it).includes(variable)
    );
    const statement = use && around(use, ({ type }) => type === "ExpressionStatement");
    const isAsserted = statement &&
      /^(await )?(assert|expect|equal|strictEqual|deep)/.test(file.text(statement));
    return file.method(use, "get") === variable && !isAsserted;
  }
});
