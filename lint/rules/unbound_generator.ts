/** A generator whose steps do not run where its call does. */

import { type Rule, rule } from "../rule.ts";
import { bare, calledName, fateOf, functionAround, isFunction, type Node } from "../syntax.ts";

const HINT = "Bind the generator function itself: copyContext().bind(rows)().";

export const unboundGenerator: Rule = rule(({ file, effects, report }) => {
  for (const call of file.all("CallExpression", "NewExpression")) {
    const start = file.start(call);
    const isFrom = calledName(call) === "from" && call.callee.object?.name === "ReadableStream";
    if (start) tellStarted(call, start.how, bare(start.fn));
    else if (isFrom || call.callee.name === "Response") tellStream(call, bare(call.arguments[0]));
  }

  function generatorOf(node: Node): Node | undefined {
    return file.functionsOf(node).find((it) => it.generator);
  }

  function tellStarted(call: Node, how: string, fn: Node): void {
    const [inner] = isFunction(fn) ? file.returned(fn) : [];
    if (how !== "bind" && generatorOf(fn)) {
      report(call, "the generator's steps run in the context of whoever asks for them", HINT);
    } else if (inner?.callee && !file.start(inner) && generatorOf(inner.callee)) {
      const isPlain = how === "bind" && inner.arguments.length === 0;
      const message = "the call of the generator function runs there, and none of its steps";
      report(
        fn,
        message,
        HINT,
        isPlain && ((fixer) => fixer.replaceText(fn, file.text(inner.callee))),
      );
    }
  }

  /** A stream asks its generator for more when the handler has returned. */
  function tellStream(call: Node, steps: Node): void {
    const generator = steps?.callee && generatorOf(steps.callee);
    if (!generator || !isFunction(functionAround(call)) || fateOf(call).kind === "awaited") return;
    const { found } = effects.of(generator);
    if (found.length === 0) return;
    report(
      steps,
      `the stream's reader runs this, and finds its own value of ${file.names(found)}`,
      HINT,
    );
  }
});
