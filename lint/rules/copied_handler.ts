/** A handler that is bound to, or started from, a copy of whatever context is there. */

import { callbacksOf, entriesOf, isAtStart, taskOfRequest } from "../entries.ts";
import { type Rule, rule } from "../rule.ts";
import type { Start } from "../source_file.ts";
import { around, bare, isFunction, nameOf, nameOfFunction, ownerOf, rootOf } from "../syntax.ts";

const ROUTE = /^(get|post|put|patch|delete|all|use|route|addHook|handle|register)$/;
const HINT = "What comes from outside starts with nothing set: new Context().bind(handler).";

export const copiedHandler: Rule = rule((subject) => {
  const { file, effects, report } = subject;
  const entries = entriesOf(file).filter(({ kind }) => kind !== "test");
  const exports = file.all("ExportNamedDeclaration")
    .flatMap((
      { declaration, specifiers },
    ) => [...declaration?.declarations ?? [declaration], ...specifiers ?? []])
    .filter((it) => it && !/^TS/.test(it.type));
  const handlers = new Set([
    ...entries.map(({ handler }) => handler),
    ...exports.map(({ init, local }) => init ?? local),
    ...file.all("ExportDefaultDeclaration").map(({ declaration }) => declaration),
    ...file.calls.filter((it) => ROUTE.test(nameOf(it))).flatMap((it) => it.arguments),
  ].map((it) => it && file.resolve(it)));
  for (const call of file.calls) if (file.start(call)?.how === "bind") tellBound(file.start(call)!);
  for (const { handler, kind } of entries) {
    if (kind !== "request" || file.hasServers || file.start(file.resolve(handler))) continue;
    for (const fn of callbacksOf(file, handler)) tellStarted(taskOfRequest(subject, fn));
  }

  /** Tells of `copyContext().bind(handler)`, but in the file that the program starts with. */
  function tellBound({ call, fn, context }: Start): void {
    const owner = ownerOf(call);
    const isMember = owner.parent?.kind === "constructor" ||
      around(call, ({ type }) => /^PropertyDef/.test(type));
    const user = around(call, (it) => it.arguments?.length);
    const isLate = exports.length > 0 || isMember || !isAtStart(file, owner) ||
      call.parent.type === "ExportDefaultDeclaration" ||
      user && file.beside.has(file.resolve(rootOf(user.callee)));
    const sets = file.functionsOf(fn).some((it) => effects.of(it).sets.size > 0);
    const isHandler = handlers.has(call) || sets && (isMember || !isFunction(owner)) ||
      /handler/i.test(file.text(fn)) && /^(route|endpoint|serve)/i.test(nameOfFunction(owner));
    if (file.contextOf(context) !== "copy" || !isLate || !isHandler) return;
    const message = "this handler is bound to a copy of the context of whichever task comes here";
    const canFix = bare(context).callee && file.imports("Context");
    report(
      call,
      undefined,
      message,
      HINT,
      canFix && ((fixer) => fixer.replaceText(context, "new Context()")),
    );
  }

  /**
   * Tells of `createTask(handle, request)` in a handler that is not bound, and of one context for
   * all.
   */
  function tellStarted(start: Start | undefined): void {
    const made = start?.context?.type === "Identifier" && file.resolve(start.context);
    if (made && !isFunction(ownerOf(made))) {
      report(
        start!.call,
        undefined,
        "all requests enter this one context, and find each other's values",
        HINT,
      );
    } else if (
      start?.how === "createTask" || start?.context && file.contextOf(start.context) === "copy"
    ) {
      report(
        start.call,
        undefined,
        "this task starts with what the server's loop has: another request's values",
        HINT,
      );
    }
  }
});
