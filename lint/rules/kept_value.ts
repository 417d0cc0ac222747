/** A value that stays where its time has ended. */

import { type Rule, rule } from "../rule.ts";
import { around, functionAround, isInside, loopAround, type Node } from "../syntax.ts";

const TAKE_BACK =
  "Take the value back: `using _token = variable.set(...)`, or `reset` in `finally`.";

export const keptValue: Rule = rule(({ file, effects, report }) => {
  for (const call of file.calls) {
    const set = file.method(call, "set");
    const reset = file.method(call, "reset");
    if (set) tellLoop(call, set);
    if (set) tellWrapper(call, set);
    if (reset) tellReset(call, reset);
  }

  /** A set in some rounds of a loop: the others find the value of an earlier one. */
  function tellLoop(call: Node, variable: Node): void {
    const loop = loopAround(call);
    if (!loop || !isConditional(call, loop) || !/^(Expr|Logical)/.test(call.parent.type)) return;
    const inside = effects.partsOf(functionAround(call)).filter((it) => isInside(it, loop));
    const isAlwaysWritten = inside.some((it) =>
      it !== call && file.method(it, "set", "reset") === variable && !isConditional(it, loop)
    );
    if (isAlwaysWritten || !inside.some((it) => /^(Await|Yield|ForOf)/.test(it.type))) return;
    const message = `${
      file.names([variable])
    } keeps this value in later rounds, which may not set it`;
    report(call, message, `Make each round a task: createTask(fn, ...args). ${TAKE_BACK}`);
  }

  function isConditional(node: Node, loop: Node): boolean {
    return around(
      node,
      ({ type, test, right }, inner) =>
        /^(If|SwitchCase|Conditional)/.test(type) && inner !== test && isInside(inner, loop) ||
        type === "LogicalExpression" && inner === right || type === "CatchClause",
    ) !== undefined;
  }

  /** `async function asAdmin(work) { role.set("admin"); return await work(); }` */
  function tellWrapper(call: Node, variable: Node): void {
    const fn = functionAround(call);
    const name = (fn.id ?? fn.parent?.id ?? fn.parent?.key)?.name;
    if (!/^(with|as|in)[A-Z]/.test(name) || effects.endOf(call, variable)) return;
    const isWrapper = effects.partsOf(fn).some((it) =>
      it.range[0] > call.range[1] && it.callee && file.parameterOf(it.callee)?.fn === fn
    );
    if (isWrapper) {
      report(
        call,
        `${file.names([variable])} keeps this value when \`${name}\` has ended`,
        TAKE_BACK,
      );
    }
  }

  function tellReset(call: Node, variable: Node): void {
    const made = file.resolve(call.arguments[0]);
    const of = file.method(made, "set");
    const fn = functionAround(call);
    if (of && of !== variable) {
      const message = `this is a token of ${file.names([of])}, and ${
        file.names([variable])
      } refuses it`;
      return report(
        call.arguments[0],
        message,
        "Use the token that the variable's own set returned.",
      );
    }
    const isFinal = around(call, ({ finalizer }, inner) => finalizer === inner && inner);
    if (!of || isFinal || functionAround(made) !== fn) return;
    const isBetween = (it: Node) =>
      it.range[0] > made.range[1] && it.range[1] < call.range[0] && functionAround(it) === fn;
    const caught = around(call, ({ block, handler }, inner) => handler && block === inner);
    const isLeft = file.all("ReturnStatement").some(isBetween) ||
      file.calls.some((it) => isBetween(it) && file.parameterOf(it.callee)?.fn === fn) ||
      caught && file.all("AwaitExpression").some(isBetween) &&
        !/\.reset\(/.test(file.text(caught.handler));
    if (isLeft) {
      report(
        call,
        `${file.names([variable])} keeps its value where this line is not reached`,
        TAKE_BACK,
      );
    }
  }
});
