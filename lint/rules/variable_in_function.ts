/** A variable for each call: no two calls share it, and contexts keep them all. */

import { isAtStart } from "../entries.ts";
import { type Rule, rule } from "../rule.ts";
import { isFunction, nameOf, type Node, objectOf, ownerOf } from "../syntax.ts";

const IN_TESTS = /[._](test|spec)\.\w+$/;
const TEST = /^(test|it|describe|step|bench|beforeEach|beforeAll|suite)$/;

export const variableInFunction: Rule = rule(({ file, report }) => {
  for (const call of file.calls) {
    const made = file.method(call, "get", "set", "run");
    if (made?.type === "CallExpression" && made === objectOf(call)) tell(made);
    if (!file.isNew(call, "ContextVar") || IN_TESTS.test(file.linted.filename)) continue;
    const { parent } = call;
    const isField = parent.type === "PropertyDefinition" && !parent.static;
    if (isField ? isMadeOften(parent.parent.parent) : isUsedIn(ownerOf(call), call)) tell(call);
  }

  function tell(node: Node): void {
    const message = "each call makes a variable of its own here, that no other code can read";
    report(node, undefined, message, "Make it once, at the top of the module.");
  }

  function isOften(fn: Node): boolean {
    return isFunction(fn) && !isTest(fn) && !isAtStart(file, fn);
  }

  /** Whether a function uses its variable itself, and not only in what it returns. */
  function isUsedIn(fn: Node, made: Node): boolean {
    const isUse = (it: Node) =>
      file.method(it, "get", "set", "run", "reset") === made && ownerOf(it) === fn;
    return isOften(fn) && (fn.parent.kind === "get" || file.calls.some(isUse));
  }

  /** Whether the file makes an object of the class, for a while, in a function. */
  function isMadeOften(owner: Node): boolean {
    return file.calls.some((it) =>
      file.resolve(it.callee) === owner && it.parent.type === "VariableDeclarator" &&
      isOften(ownerOf(it))
    );
  }
});

function isTest(node: Node): boolean {
  return Boolean(node) && (TEST.test(nameOf(node)) || isTest(node.parent));
}
