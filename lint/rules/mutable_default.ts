/** A default that all contexts share, and that somebody changes. */

import { type Rule, rule } from "../rule.ts";
import { bare, calledName, type Node } from "../syntax.ts";

const COLLECTION = /^(Map|Set|WeakMap|WeakSet|Array|Object)$/;
const CHANGE = /^(push|pop|shift|unshift|splice|sort|reverse|fill|set|add|delete|clear|assign)$/;

export const mutableDefault: Rule = rule(({ file, report }) => {
  for (const made of file.all("NewExpression")) {
    const options = file.isNew(made, "ContextVar")
      ? bare(made.arguments[1])?.properties
      : undefined;
    const property = options?.find((it: Node) => it.key?.name === "default");
    const value = bare(property?.value);
    const head = `${made.parent.id ? file.text(made.parent.id) : ""} ${file.text(made)}`;
    if (!value || /<\s*readonly|as const|as readonly/i.test(head)) continue;
    const isCollection = value.type === "NewExpression" && COLLECTION.test(value.callee.name);
    const isLiteral = /^(Array|Object)Expression$/.test(value.type);
    if (!isCollection && !(isLiteral && file.calls.some((it) => isChanged(it, made)))) continue;
    const text = file.text(property.value);
    const body = value.type === "ObjectExpression" ? `(${text})` : text;
    report(
      property,
      "all contexts share this default: what one task puts into it, every task finds",
      "Write defaultFactory: () => ..., which makes one for each task.",
      !property.shorthand &&
        ((fixer) => fixer.replaceText(property, `defaultFactory: () => ${body}`)),
    );
  }

  /** Whether a call gets the variable's value, and the file changes that. */
  function isChanged(get: Node, made: Node): boolean {
    if (file.method(get, "get") !== made) return false;
    const isTarget = (it: Node) => it === get || file.resolve(it) === get;
    return file.all("CallExpression", "AssignmentExpression", "UpdateExpression", "UnaryExpression")
      .some((it) => {
        const target = bare(it.callee ?? it.left ?? it.argument);
        if (
          it.callee && !CHANGE.test(calledName(it)) ||
          it.type === "UnaryExpression" && it.operator !== "delete"
        ) return false;
        return target?.type === "MemberExpression" && isTarget(target.object) ||
          it.arguments?.[0] && isTarget(it.arguments[0]);
      });
  }
});
