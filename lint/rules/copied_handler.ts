/** A handler that is bound to, or started from, a copy of whatever context is there. */

import { callbacksOf, entriesOf, isAtStart, taskOfRequest } from "../entries.ts";
import { type Rule, rule } from "../rule.ts";
import { bare, calledName, functionAround, isFunction, type Node, rootOf } from "../syntax.ts";

const ROUTE = /^(get|post|put|patch|delete|all|use|route|addHook|handle|register)$/;
const LISTEN = /^(on|once|addListener|addEventListener)$/;
const HINT = "What comes from outside starts with nothing set: new Context().bind(handler).";

export const copiedHandler: Rule = rule((subject) => {
  const { file, effects, report } = subject;
  const told = new Set<Node>();
  const exported = file.all("ExportNamedDeclaration").filter((it) =>
    it.exportKind !== "type" && !/^TS/.test(it.declaration?.type)
  );
  const exports = [
    ...exported.flatMap((it) => it.declaration?.declarations?.map(({ init }: Node) => init) ?? []),
    ...exported.flatMap((it) => it.specifiers?.map(({ local }: Node) => local) ?? []),
    ...file.all("ExportDefaultDeclaration").map((it) => it.declaration),
  ];
  for (const it of exports) if (it) tellBound(it, it.parent);
  for (const { handler, kind } of entriesOf(file)) {
    tellBound(handler, handler.parent);
    if (kind === "request" && !file.hasServers) tellStarted(handler);
  }
  for (const call of file.calls) {
    const isListener = LISTEN.test(calledName(call));
    const fn = functionAround(call);
    const isForAll = !isFunction(fn) || fn.parent.kind === "constructor";
    for (const it of isListener || ROUTE.test(calledName(call)) ? call.arguments : []) {
      const start = file.start(file.resolve(it));
      const sets = start && file.functionsOf(start.fn).some((it) => effects.of(it).sets.size > 0);
      if (!isListener || isForAll && sets) tellBound(it, call);
    }
  }

  function tell(node: Node, message: string, context?: Node): void {
    if (told.has(node)) return;
    told.add(node);
    const canFix = context && bare(context).callee && file.imports("Context");
    report(node, message, HINT, canFix && ((fixer) => fixer.replaceText(context, "new Context()")));
  }

  /** Tells of `copyContext().bind(handler)`, but in the file that the program starts with. */
  function tellBound(handler: Node, where: Node): void {
    const bound = file.resolve(handler);
    const start = file.start(bound);
    if (start?.how !== "bind" || file.contextOf(start.context) !== "copy") return;
    const root = where.callee && file.resolve(rootOf(where.callee));
    const isForeign = root && file.beside.has(root) && root.parent.source.value.startsWith(".");
    if (exported.length === 0 && isAtStart(file, functionAround(where)) && !isForeign) {
      if (where.type !== "ExportDefaultDeclaration") return;
    }
    const message = "this handler is bound to a copy of the context of whichever task comes here";
    tell(bound, message, start.context);
  }

  /** Tells of `createTask(handle, request)` in a handler that is not bound. */
  function tellStarted(handler: Node): void {
    if (file.start(file.resolve(handler))) return;
    for (const fn of callbacksOf(file, handler)) {
      const start = taskOfRequest(subject, fn);
      if (
        start?.how === "createTask" || start?.context && file.contextOf(start.context) === "copy"
      ) {
        tell(
          start.call,
          "this task starts with what the server's loop has: another request's values",
        );
      }
    }
  }
});
