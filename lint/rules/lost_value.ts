/** A value on one side of a task's border that is needed on the other. */

import { type Rule, rule } from "../rule.ts";
import type { Start } from "../source_file.ts";
import { fateOf, isFunction, nameOf, type Node, ownerOf, precedes } from "../syntax.ts";

const TEST = /\b(assert\w*|expect|equal|strictEqual)\(/;

export const lostValue: Rule = rule(({ file, effects, report }) => {
  for (const call of file.calls) {
    const start = file.start(call);
    if (!start || !isFunction(ownerOf(call))) continue;
    if (!TEST.test(file.text(ownerOf(call)))) tell(start); // which may show just this
  }

  function tell({ call, how, fn, context }: Start): void {
    if (how === "bind") return tellCopy(fn, context);
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
      const missed = setAfter(call).filter((it) => found.includes(it) && !before.includes(it));
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

  /** `copyContext().bind(log)` above the set of what `log` reads */
  function tellCopy(fn: Node, context: Node): void {
    const made = file.resolve(context);
    if (nameOf(made) !== "copyContext" || !isFunction(ownerOf(made))) return;
    const before = effects.partsOf(ownerOf(made)).filter((it) => precedes(it, made)).flatMap(setBy);
    const found = file.functionsOf(fn).flatMap((it) => effects.of(it).found);
    const late = setAfter(made).filter((it) => found.includes(it) && !before.includes(it));
    report(
      context,
      late,
      "this copy is made before % is set below",
      "Use currentContext().bind(fn).",
    );
  }

  function setAfter(node: Node): Node[] {
    const after = effects.partsOf(ownerOf(node)).filter((it) => precedes(node, it));
    return after.flatMap((it) => file.method(it, "set") ?? []);
  }

  function setBy(part: Node): Node[] {
    const set = file.method(part, "set");
    return set ? [set] : part.callee ? [...effects.ofCall(part).sets.keys()] : [];
  }

  /** Whether a variable is read before it is set again. */
  function isRead(parts: Node[], variable: Node): boolean {
    const gets = (it: Node) =>
      file.method(it, "get") === variable || it.callee && effects.ofCall(it).gets.has(variable);
    const use = parts.find((it) => gets(it) || setBy(it).includes(variable));
    return use && gets(use) && !setBy(use).includes(variable);
  }
});
