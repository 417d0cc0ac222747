/** A variable for each call: no two calls share it, and contexts keep them all. */

import { isAtStart } from "../entries.ts";
import { type Rule, rule } from "../rule.ts";
import { calledName, functionAround, isFunction, type Node } from "../syntax.ts";

const IN_TESTS = /[._](test|spec)\.\w+$|[/\\]tests?[/\\]/;
const TEST = /^(test|it|describe|step|bench|beforeEach|beforeAll|suite)$/;

export const variableInFunction: Rule = rule(({ file, report }) => {
  for (const made of file.all("NewExpression")) {
    if (!file.isNew(made, "ContextVar") || IN_TESTS.test(file.linted.filename)) continue;
    const fn = functionAround(made);
    const isField = made.parent.type === "PropertyDefinition" && !made.parent.static;
    if (isField && isMadeOften(made.parent.parent.parent)) tell(made);
    if (!isField && isFunction(fn) && !isTest(fn) && !isAtStart(file, fn) && isUsedIn(fn, made)) {
      tell(made);
    }
  }
  for (const call of file.calls) {
    const made = file.method(call, "get", "set", "run");
    if (made?.type === "CallExpression" && made === call.callee.object) tell(made);
  }

  function tell(node: Node): void {
    report(
      node,
      "each call makes a variable of its own here, that no other code can read",
      "Make it once, at the top of the module.",
    );
  }

  /** Whether the function itself uses the variable, and not only what it returns. */
  function isUsedIn(fn: Node, made: Node): boolean {
    return file.calls.some((it) =>
      file.method(it, "get", "set", "run", "reset") === made && functionAround(it) === fn
    );
  }

  /** Whether the file makes an object of the class in a function that is called often. */
  function isMadeOften(owner: Node): boolean {
    return file.all("NewExpression").some((it) =>
      file.resolve(it.callee) === owner && !isAtStart(file, functionAround(it)) &&
      !isTest(it) && it.parent.type === "VariableDeclarator"
    );
  }
});

function isTest(node: Node): boolean {
  for (let at = node; at; at = at.parent) {
    if (at.type === "CallExpression" && TEST.test(calledName(at))) return true;
  }
  return false;
}
