/** A generator whose steps do not run where its call does. */

import { type Rule, rule } from "../rule.ts";
import type { Start } from "../source_file.ts";
import { bare, fateOf, isFunction, nameOf, type Node, objectOf, ownerOf } from "../syntax.ts";

const HINT = "Bind the generator function itself: copyContext().bind(rows)().";

export const unboundGenerator: Rule = rule(({ file, effects, report }) => {
  for (const call of file.calls) {
    const start = file.start(call);
    const isFrom = nameOf(call) === "from" && objectOf(call)?.name === "ReadableStream";
    if (start) tellStarted(start);
    else if (!file.hasServers && (isFrom || nameOf(call) === "Response")) {
      tellStream(call, bare(call.arguments[0]));
    }
  }

  function generatorOf(node: Node): Node | undefined {
    return file.functionsOf(node).find((it) => it.generator);
  }

  function tellStarted({ call, how, fn }: Start): void {
    if (how !== "bind" && generatorOf(fn)) {
      return report(
        call,
        undefined,
        "the generator's steps run in the context of whoever asks for them",
        HINT,
      );
    }
    const [inner] = isFunction(bare(fn)) ? file.returned(bare(fn)) : [];
    if (!inner?.callee || file.start(inner) || !generatorOf(inner.callee)) return;
    const canFix = how === "bind" && inner.arguments.length === 0;
    const message = "the call of the generator function runs there, and none of its steps";
    report(
      fn,
      undefined,
      message,
      HINT,
      canFix && ((fixer) => fixer.replaceText(fn, file.text(inner.callee))),
    );
  }

  /** A stream asks its generator for more when the handler has returned. */
  function tellStream(call: Node, steps: Node): void {
    const generator = steps?.callee && generatorOf(steps.callee);
    if (!generator || !isFunction(ownerOf(call)) || fateOf(call).kind === "awaited") return;
    report(
      steps,
      effects.of(generator).found,
      "the stream's reader runs this, and finds its own value of %",
      HINT,
    );
  }
});
