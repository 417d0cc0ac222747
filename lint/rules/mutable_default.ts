/** A default that all contexts share, and that somebody changes. */

import { type Rule, rule } from "../rule.ts";
import { bare, type Node, ownerOf } from "../syntax.ts";

const PATH = String.raw`(!?\??\.\w+|\[[^\]]+\])`;
const CHANGE = String
  .raw`(${PATH}*!?\.(push|pop|shift|unshift|splice|sort|reverse|fill|set|add|delete|clear)\(|` +
  String.raw`${PATH}+ *([-+*/|&?]*=[^=>]|\+\+|--))`;

export const mutableDefault: Rule = rule(({ file, report }) => {
  for (const made of file.calls.filter((it) => file.isNew(it, "ContextVar"))) {
    const options = bare(made.arguments[1])?.properties;
    const property = options?.find((it: Node) => it.key?.name === "default");
    const value = bare(property?.value);
    const head = `${made.parent.id ? file.text(made.parent.id) : ""} ${file.text(made)}`;
    if (!value || /<\s*readonly|as const|as readonly/i.test(head)) continue;
    const isCollection = value.type === "NewExpression" &&
      /^(Weak)?(Map|Set)$|^Array$/.test(value.callee.name);
    const isMutable = isCollection || /^(Array|Object)Expression$/.test(value.type);
    const text = file.text(property.value);
    const body = value.type === "ObjectExpression" ? `(${text})` : text;
    report(
      property,
      isMutable && isChanged(made) ? undefined : [],
      "all contexts share this default: what one task puts into it, every task finds",
      "Write defaultFactory: () => ..., which makes one for each task that inherits none.",
      !property.shorthand &&
        ((fixer) => fixer.replaceText(property, `defaultFactory: () => ${body}`)),
    );
  }

  /** Whether the file changes what it gets of a variable. */
  function isChanged(made: Node): boolean {
    return file.calls.filter((it) => file.method(it, "get") === made).some((get) => {
      const { id } = get.parent; // `const list = notes.get();`, and the list changes in there
      const name = id ? `\\b${id.name}` : file.text(get).replace(/[^\w\s]/g, "\\$&");
      const change = new RegExp(`${name}${CHANGE}|delete ${name}\\W|assign\\(${name}\\b`);
      return change.test(id ? file.text(ownerOf(get)) : file.linted.sourceCode.text);
    });
  }
});
