/** A handler that is bound to, or started from, a copy of whatever context is there. */

import { callbacksOf, entriesOf, isAtStart, taskOfRequest } from "../entries.ts";
import { type Rule, rule } from "../rule.ts";
import {
  around,
  bare,
  calledName,
  functionAround,
  isFunction,
  type Node,
  rootOf,
} from "../syntax.ts";

const ROUTE = /^(get|post|put|patch|delete|all|use|route|addHook|handle|register)$/;
const HINT = "What comes from outside starts with nothing set: new Context().bind(handler).";

export const copiedHandler: Rule = rule((subject) => {
  const { file, effects, report } = subject;
  const entries = entriesOf(file).filter(({ kind }) => kind !== "test");
  const exports = file.all("ExportNamedDeclaration").flatMap(({ declaration, specifiers }) => [
    ...declaration?.declarations ?? [declaration],
    ...specifiers ?? [],
  ]).filter((it) => it && !/^TS/.test(it.type));
  const routes = file.calls.filter((it) => ROUTE.test(calledName(it)));
  const handlers = new Set([
    ...entries.map(({ handler }) => handler),
    ...exports.map(({ init, local }) => init ?? local),
    ...file.all("ExportDefaultDeclaration").map(({ declaration }) => declaration),
    ...routes.flatMap((it) => it.arguments),
  ].map((it) => it && file.resolve(it)));
  for (const call of file.calls) if (file.start(call)?.how === "bind") tellBound(call);
  for (const { handler, kind } of entries) {
    if (kind === "request" && !file.hasServers && !file.start(file.resolve(handler))) {
      tellStarted(handler);
    }
  }

  /** Tells of `copyContext().bind(handler)`, but in the file that the program starts with. */
  function tellBound(call: Node): void {
    const { fn, context } = file.start(call)!;
    const outer = functionAround(call);
    const isMember = around(call, ({ type }) => type === "PropertyDefinition") ||
      outer.parent?.kind === "constructor";
    const user = around(call, (it) => it.callee && !it.callee.computed && it.arguments?.length);
    const root = user && file.resolve(rootOf(user.callee));
    const isLate = exports.length > 0 || isMember || !isAtStart(file, outer) ||
      call.parent.type === "ExportDefaultDeclaration" || file.beside.has(root);
    const isShared = isMember || !isFunction(outer);
    const sets = file.functionsOf(fn).some((it) => effects.of(it).sets.size > 0);
    const isHandler = handlers.has(call) || isShared && sets || /handler/i.test(file.text(fn));
    if (file.contextOf(context) !== "copy" || !isLate || !isHandler) return;
    report(
      call,
      "this handler is bound to a copy of the context of whichever task comes here",
      HINT,
      bare(context).callee && file.imports("Context") &&
        ((fixer) => fixer.replaceText(context, "new Context()")),
    );
  }

  /** Tells of `createTask(handle, request)` in a handler that is not bound. */
  function tellStarted(handler: Node): void {
    for (const fn of callbacksOf(file, handler)) {
      const start = taskOfRequest(subject, fn);
      const isCopy = start?.how === "createTask" ||
        start?.context && file.contextOf(start.context) === "copy";
      if (isCopy) {
        report(
          start!.call,
          "this task starts with what the server's loop has: another request's values",
          HINT,
        );
      }
    }
  }
});
