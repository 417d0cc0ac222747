/** A callback that somebody else calls, in a context of theirs. */

import { TIMER } from "../effects.ts";
import { type Rule, rule } from "../rule.ts";
import {
  around,
  bare,
  calledName,
  functionAround,
  isFunction,
  type Node,
  propertyOf,
  rootOf,
} from "../syntax.ts";

const LISTEN = /^(on|once|addListener|prependListener|addEventListener)$/;
/** Events that the runtime dispatches, in no task of the program. */
const RUNTIME =
  /^(abort|close|end|finish|error|data|message|exit|timeout|readable|drain|connection|connect|open|load|SIG.*)$/;
const STREAM = /^(Readable|Transform)Stream$|^(Readable|Writable|Transform|Duplex)$/;
const STORE = /^(push|unshift|add|enqueue|schedule|submit|defer)$/;
const STORED = /queue|jobs?\b|tasks?\b|pending|wait|batch|backlog|deferred|scheduler/i;
const SHARED = /^(get|use|find|acquire|timeout|any)/;

export const unboundListener: Rule = rule(({ file, effects, report }) => {
  for (const call of file.calls) {
    const { object } = bare(call.callee);
    const [first, second] = call.arguments;
    if (object && second && LISTEN.test(calledName(call))) {
      tellListener(object, String(first.value), second, calledName(call) === "once");
    } else if (object && first && STORE.test(calledName(call))) tellJob(call, object, first);
    else if (TIMER.test(calledName(call))) tellBatch(call, first);
  }
  for (const { left, right } of file.all("AssignmentExpression")) {
    const [, event] = /^on([a-z]+)$/.exec(propertyOf(left) ?? "") ?? [];
    if (event) tellListener(left.object, event, right, false);
  }
  for (const made of file.all("NewExpression")) {
    const [first] = made.arguments;
    const isLate = isFunction(functionAround(made));
    if (/DataLoader$/.test(made.callee.name) && !isLate) tell(first, "whichever task asked first");
    if (!isLate || !STREAM.test(made.callee.name) || !leaves(made)) {
      continue;
    }
    for (const { key, value } of file.resolve(first)?.properties ?? []) {
      if (/^(pull|cancel|transform|flush|read|write|final)$/.test(key?.name)) {
        tell(value, "the stream's reader");
      }
    }
  }

  function tell(callback: Node, whose: string): void {
    const found = file.functionsOf(callback).flatMap((it) => effects.of(it).found);
    if (found.length === 0) return;
    report(
      callback,
      `this callback reads ${file.names(found)} in the context of ${whose}`,
      "Bind it: copyContext().bind(callback).",
      file.imports("copyContext") && !callback.parent.method &&
        ((fixer) => fixer.replaceText(callback, `copyContext().bind(${file.text(callback)})`)),
    );
  }

  function tellListener(emitter: Node, event: string, listener: Node, isOnce: boolean): void {
    const outer = functionAround(listener);
    const root = rootOf(emitter);
    if (file.hasServers && (event === "request" || file.parameterOf(root))) return;
    const found = file.resolve(emitter);
    const made = /^(New|Call)/.test(found?.type) ? found : file.resolve(root);
    const isOwn = /^(New|Call)/.test(made?.type) && functionAround(made) === outer &&
      !SHARED.test(calledName(made));
    for (const fn of file.functionsOf(listener)) {
      const own = effects.of(fn);
      const left = own.awaits ? [...own.sets.keys()] : own.left;
      const isForeign = !isOwn && (RUNTIME.test(event) || isFunction(outer));
      if (left.length > 0 && (own.awaits || startsMore(fn) || isForeign)) {
        const message = `this listener sets ${
          file.names(left)
        } for all that runs where it is called`;
        return report(listener, message, "Make each call a task: new Context().bind(listener).");
      }
      if (!isFunction(outer) || isOwn) continue;
      if (RUNTIME.test(event) || isOnce || isOfCall(listener, root, outer, own.found)) {
        tell(listener, "whoever dispatches the event");
      }
    }
  }

  /** Whether a function goes on when it has returned. */
  function startsMore(fn: Node): boolean {
    return effects.partsOf(fn).some((it) => isFunction(bare(it.callee)) && bare(it.callee).async);
  }

  /** Whether a listener is one call's of its function, and not there for the whole program. */
  function isOfCall(listener: Node, root: Node, around: Node, reads: Node[]): boolean {
    const names = file.localNames(listener).filter((it) => it !== root?.name);
    return reads.some((it) => effects.of(around).sets.has(it)) ||
      names.some((it) => new RegExp(`(?<![.\\w])${it}\\b`).test(file.text(listener)));
  }

  /** A job that a queue of the program keeps. */
  function tellJob(call: Node, queue: Node, job: Node): void {
    const outer = functionAround(call);
    const made = file.resolve(queue);
    const isLocal = made !== queue && made && functionAround(made) === outer;
    const isKnown = file.functionsOf(call.callee).length > 0;
    if (!isFunction(outer) || isLocal || isKnown || !STORED.test(file.text(queue))) return;
    tell(job, "whoever runs it");
  }

  /** A timer by which the first of several calls lets all of them be answered. */
  function tellBatch(timer: Node, callback: Node): void {
    const isFirst = around(timer, ({ type }) => type === "IfStatement");
    const stores = effects.partsOf(functionAround(timer)).filter((it) =>
      STORE.test(calledName(it))
    );
    const isShared = stores.some(({ callee }) => {
      const made = callee.object && file.resolve(callee.object);
      return made?.parent && !isFunction(functionAround(made));
    });
    if (isFirst && isShared) tell(callback, "whichever task asked first");
  }

  /** Whether a stream goes where its function does not read it. */
  function leaves(stream: Node): boolean {
    let node = stream;
    while (/^(Call|Member)Expression$/.test(node.parent.type)) node = node.parent;
    if (node.parent.type !== "VariableDeclarator") return !/^(Await|ForOf)/.test(node.parent.type);
    const name = `${node.parent.id.name}\\b`;
    return new RegExp(`(return|=>) *${name}|(Response|send|body)\\(${name}|[:=] *${name}`)
      .test(file.text(functionAround(stream)));
  }
});
