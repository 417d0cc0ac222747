/** A value that stays where its time has ended. */

import { type Rule, rule } from "../rule.ts";
import {
  around,
  isInside,
  loopAround,
  nameOfFunction,
  type Node,
  ownerOf,
  precedes,
} from "../syntax.ts";

const HINT = "Take the value back: `using _token = variable.set(...)`, or `reset` in `finally`.";

const RUN = "Run the call with the value alone: `variable.run(value, fn)`.";

export const keptValue: Rule = rule(({ file, effects, report }) => {
  for (const call of file.calls) {
    const [set, reset] = [file.method(call, "set"), file.method(call, "reset")];
    if (set) tellLoop(call, set);
    if (set && !effects.endOf(call, set)) tellWrapper(call, set);
    if (reset) tellReset(call, reset);
  }

  /** A set in some rounds of a loop: the others find the value of an earlier one. */
  function tellLoop(call: Node, variable: Node): void {
    const loop = loopAround(call);
    if (!loop || !isConditional(call, loop) || !/^(Expr|Logical)/.test(call.parent.type)) return;
    const branch = around(call, ({ type }) => type === "IfStatement");
    const isState = branch && (branch.alternate || /\bcontinue\b/.test(file.text(branch)));
    if (isState) return; // a round sets it, or works with what it is
    const inside = effects.partsOf(ownerOf(call)).filter((it) => isInside(it, loop));
    const isWritten = (it: Node) => it !== call && file.method(it, "set", "reset") === variable;
    const isAlwaysWritten = inside.some((it) => isWritten(it) && !isConditional(it, loop));
    if (isAlwaysWritten || inside.every((it) => it.callee)) return;
    report(
      call,
      [variable],
      "% keeps this value in later rounds, which may not set it",
      `${HINT} Or make each round a task.`,
    );
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
    const fn = ownerOf(call);
    const name = nameOfFunction(fn);
    const isWrapper = effects.partsOf(fn).some((it) => precedes(call, it) && isParameter(it, fn));
    const isTask = file.callsOf(fn).some(({ call }) => file.start(call));
    if (!isWrapper || isTask || !/^(with|as|in)[A-Z]/.test(name)) return;
    report(call, [variable], `% keeps this value when \`${name}\` has ended`, RUN);
  }

  function isParameter({ callee }: Node, fn: Node): boolean {
    return callee && file.parameterOf(callee)?.fn === fn;
  }

  function tellReset(call: Node, variable: Node): void {
    const [token] = call.arguments;
    const made = file.resolve(token);
    const of = file.method(made, "set");
    const fn = ownerOf(call);
    if (of && of !== variable) {
      return report(
        token,
        [of],
        "this is a token of %, and no other variable takes it",
        "Use the variable's own token.",
      );
    }
    const isFinal = around(call, ({ finalizer }, inner) => finalizer === inner);
    if (of && ownerOf(made) !== fn && file.start(fn.parent)) {
      report(
        call,
        [of],
        "the token of % is another context's, and reset refuses it here",
        "Reset it where it was set.",
      );
    }
    if (!of || isFinal || ownerOf(made) !== fn) return;
    const isBetween = (it: Node) => ownerOf(it) === fn && precedes(made, it) && precedes(it, call);
    const caught = around(call, ({ block, handler }, inner) => handler && block === inner)?.handler;
    const isSwallowed = caught && file.waits.some(isBetween) &&
      !/\.reset\(/.test(file.text(caught));
    const isLeft = file.all("ReturnStatement").some(isBetween) ||
      file.calls.some((it) => isBetween(it) && isParameter(it, fn));
    report(
      call,
      isLeft || isSwallowed ? [variable] : [],
      "% keeps its value where this line is not reached",
      HINT,
    );
  }
});
