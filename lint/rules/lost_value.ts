/** A value on one side of a task's border that is needed on the other. */

import { type Rule, rule } from "../rule.ts";
import type { Start } from "../source_file.ts";
import { fateOf, isFunction, type Node, ownerOf, precedes } from "../syntax.ts";

const TEST = /\b(assert\w*|expect|equal|strictEqual)\(/;

export const lostValue: Rule = rule(({ file, effects, report }) => {
  for (const call of file.calls) {
    const start = file.start(call);
    if (!start || start.how === "bind" || !isFunction(ownerOf(call))) continue;
    if (!TEST.test(file.text(ownerOf(call)))) tell(start); // which may show just this
  }

  function tell({ call, fn, context }: Start): void {
    const before: Node[] = [];
    for (let at = ownerOf(call); isFunction(at); at = ownerOf(at)) {
      before.push(...effects.partsOf(at).filter((it) => precedes(it, call)).flatMap(setBy));
    }
    const after = effects.partsOf(ownerOf(call)).filter((it) => precedes(call, it));
    const isWaited = fateOf(call).kind === "awaited" || !file.givesPromise(call);
    const isNamed = context && !context.callee; // and can be asked for the value
    for (const { found, gets, left, sets } of file.functionsOf(fn).map(effects.of)) {
      const needed = file.isNew(context, "Context")
        ? found.filter((it) => before.includes(it))
        : [];
      const hint = "Use createTask(fn, ...args), which starts with a copy.";
      report(context, needed, "an empty context does not have what was just set: %", hint);
      const missed = after.flatMap((it) => file.method(it, "set") ?? [])
        .filter((it) => found.includes(it) && !before.includes(it));
      const late = fateOf(call).kind === "awaited" ? [] : missed;
      report(call, late, "this task has started with a copy, and % is set below", "Set it before.");
      const isLast = (it: Node) => sets.get(it)!.progress === "set"; // so it is for the caller
      const lost = left.filter(isLast).filter((it) =>
        !gets.has(it) && !before.includes(it) && isRead(after, it)
      );
      const message = "% is set in this task alone, and read below, outside it";
      if (isWaited && !isNamed) {
        report(call, lost, message, "Await the function itself, without a task.");
      }
    }
  }

  function setBy(part: Node): Node[] {
    const set = file.method(part, "set");
    return set ? [set] : part.callee ? [...effects.ofCall(part).sets.keys()] : [];
  }

  /** Whether a variable is read before it is set again. */
  function isRead(parts: Node[], variable: Node): boolean {
    const use = parts.find((it) =>
      file.method(it, "get") === variable || setBy(it).includes(variable)
    );
    return file.method(use, "get") === variable;
  }
});
