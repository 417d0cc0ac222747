/** A set, or a default that is stored, where no task is: all that comes later may find it. */

import { callbacksOf, entriesOf, type Entry, taskOfRequest } from "../entries.ts";
import { type Rule, rule } from "../rule.ts";
import { around, isFunction, nameOf, type Node, rootOf } from "../syntax.ts";

const STARTS = /\b(createTask|copyContext|currentContext|new Context)\b/;
const HINTS = {
  request: 'Import "@contextvars/contextvars/servers", or bind it: new Context().bind(handler).',
  job: "Bind it: new Context().bind(handler).",
  test: "Run the body as a task: () => new Context().run(body).",
};

export const outsideTask: Rule = rule((subject) => {
  const { file, effects, report } = subject;
  for (const part of effects.partsOf(file.linted.sourceCode.ast)) {
    if (part.callee) tellTopLevel(part);
  }
  for (const entry of entriesOf(file)) tellEntry(entry);

  function makes(variable: Node): boolean {
    return /\bdefaultFactory\b/.test(variable.arguments?.[1] && file.text(variable.arguments[1]));
  }

  function tellTopLevel(call: Node): void {
    const get = file.method(call, "get");
    const set = file.method(call, "set");
    const called = effects.ofCall(call);
    const made = (get ? [get] : called.found).filter(makes);
    report(
      call,
      made,
      "% stores its default outside any task: all tasks share it",
      "Call get() in each task.",
    );
    const option = get && around(call, ({ type }) => type === "Property");
    const user = option && around(option, (it) => it.arguments);
    if (user && around(user, ({ type }) => type === "VariableDeclarator")) {
      const hint = "Read it where it is needed, in a function or a getter.";
      report(call, [get!], "% is read once here, when the module is loaded", hint);
    }
    const isTogether = call.parent.type === "ArrayExpression" || /^(map|from)$/.test(nameOf(call));
    const sets = set
      ? effects.endOf(call, set) ? [] : [set]
      : isTogether || made.length
      ? []
      : called.left;
    const hint = "Start a task, such as the program's: await createTask(main).";
    const reach = "before the first await it reaches all code that follows, after one no caller";
    report(call, sets, `% is set here outside any task: ${reach}`, hint);
  }

  function tellEntry({ handler, kind }: Entry): void {
    if (file.start(file.resolve(handler)) || kind === "request" && file.hasServers) return;
    const callbacks = callbacksOf(file, handler);
    if (callbacks.some((it) => taskOfRequest(subject, it)) || isMiddlewareForeign()) return;
    const found = callbacks.map((it) => effects.of(it)).flatMap(({ sets, gets, left }) => [
      ...kind === "test" ? left.filter((it) => !isResetElsewhere(it)) : sets.keys(),
      ...[...gets].filter(makes),
    ]);
    const isForeign = callbacks.length === 0 && setsWithoutTask(handler);
    const what = isForeign ? "variables" : "%";
    report(
      handler,
      isForeign ? undefined : found,
      `nobody has bound this: it sets ${what} outside any task, and the next ${kind} may find that`,
      HINTS[kind],
      kind !== "test" && !isFunction(handler.parent) && file.imports("Context") &&
        ((fixer) => fixer.replaceText(handler, `new Context().bind(${file.text(handler)})`)),
    );
  }

  /** Whether a middleware of another file may make a task of all that follows it. */
  function isMiddlewareForeign(): boolean {
    const given = file.calls.filter((it) => /^(use|addHook)$/.test(nameOf(it))).flatMap((it) =>
      it.arguments
    );
    return given.map((it) => file.resolve(rootOf(it))).some((it) =>
      file.beside.has(it) &&
      (STARTS.test(file.beside.get(it)!) || /context|isolat|scope/i.test(it.local.name))
    );
  }

  /** As by `afterEach`, what `beforeEach` has set. */
  function isResetElsewhere(variable: Node): boolean {
    return file.calls.some((it) => file.method(it, "reset") === variable);
  }

  /** Whether a handler is imported from a file that sets variables and starts no task. */
  function setsWithoutTask(handler: Node): boolean {
    const text = file.beside.get(file.resolve(rootOf(handler))) ?? "";
    return /contextvars[^]*\.set\(/.test(text) &&
      !STARTS.test(text);
  }
});
