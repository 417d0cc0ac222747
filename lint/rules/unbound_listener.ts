/** A callback that somebody else calls, in a context of theirs. */

import { TIMER } from "../effects.ts";
import { type Rule, rule } from "../rule.ts";
import {
  around,
  bare,
  isFunction,
  nameOf,
  nameOfFunction,
  type Node,
  objectOf,
  ownerOf,
  propertyOf,
  rootOf,
} from "../syntax.ts";

const LISTEN = /^(on|once|addListener|prependListener|addEventListener)$/;
/** Events that the runtime dispatches, in no task of the program. */
const RUNTIME =
  /^(abort|close|end|finish|error|data|message|exit|timeout|readable|drain|connection|connect|open|load)$/;
/** Events that begin a request where a server emits them: with `servers`, each is a task. */
const BEGINS_REQUEST = /^(check(Continue|Expectation)|stream|upgrade|connect)$/;
const SERVER = /server$|^(listen|serve)$/i;
const STREAM = /^(Readable|Transform)Stream$|^(Readable|Writable|Transform|Duplex)$/;
const STEP = /^(pull|cancel|transform|flush|read|write|final)$/;
const STORE = /^(push|unshift|add|enqueue|schedule|submit|defer)$/;
const STORED = /queue|jobs?\b|tasks?\b|pending|wait|batch|backlog|deferred|scheduler/i;
const SET_UP = /^(constructor|start|init|setUp|setup|install|boot|configure|register)/;
const SHARED = /^(get|use|find|acquire|timeout|any)/;

export const unboundListener: Rule = rule(({ file, effects, report }) => {
  for (const call of file.calls) {
    const [name, object, owner] = [nameOf(call), objectOf(call), ownerOf(call)];
    const [first, second] = call.arguments;
    if (object && second && LISTEN.test(name)) {
      tellListener(object, String(first.value), second, name === "once");
    } else if (object && first && STORE.test(name)) tellJob(call, object, first);
    else if (TIMER.test(name)) tellBatch(call, first);
    else if (/DataLoader$/.test(name) && !isFunction(owner)) {
      tell(first, "whichever task asked first");
    } else if (name === "serve" && !file.hasServers) {
      tellOptions(first, /^(onE|e)rror$/, "the server's loop");
    } else if (STREAM.test(name) && isFunction(owner) && leaves(call)) {
      tellOptions(first, STEP, "the stream's reader");
    }
  }
  for (const { left, right } of file.all("AssignmentExpression")) {
    const [, event] = /^on([a-z]+)$/.exec(propertyOf(left) ?? "") ?? [];
    if (event) tellListener(left.object, event, right, false);
  }

  function tell(callback: Node, whose: string): void {
    const found = file.functionsOf(callback).flatMap((it) => effects.of(it).found);
    const canFix = file.imports("copyContext") && !callback.parent.method;
    report(
      callback,
      found,
      `this callback reads % in the context of ${whose}`,
      "Bind it: copyContext().bind(callback).",
      canFix &&
        ((fixer) => fixer.replaceText(callback, `copyContext().bind(${file.text(callback)})`)),
    );
  }

  function tellOptions(options: Node, names: RegExp, whose: string): void {
    for (const [name, value] of options ? file.membersOf(options) : []) {
      if (names.test(name)) tell(value, whose);
    }
  }

  function tellListener(emitter: Node, event: string, listener: Node, isOnce: boolean): void {
    const root = rootOf(emitter);
    const owner = callerOf(listener);
    const found = file.resolve(emitter);
    const isServer = SERVER.test(nameOf(found) || file.text(emitter));
    const isRequest = event === "request" || BEGINS_REQUEST.test(event) && isServer ||
      event === "connection" && /WebSocketServer$/.test(nameOf(found));
    if (file.hasServers && (isRequest || file.parameterOf(root))) return;
    const made = found?.callee ? found : madeBy(file.resolve(root));
    const giver = file.parameterOf(root)?.fn.parent; // as of `request(url, (response) => ...)`
    const isOwn = made?.callee && callerOf(made) === owner && !SHARED.test(nameOf(made)) ||
      giver?.callee && !file.start(giver) && isFunction(ownerOf(giver));
    const isRuntime = RUNTIME.test(event);
    for (const fn of file.functionsOf(listener)) {
      const own = effects.of(fn);
      const goesOn = own.awaits || effects.partsOf(fn).some((it) => bare(it.callee)?.async);
      const isForeign = !isOwn && (isRuntime || isFunction(owner));
      if (goesOn || isForeign) {
        const sets = own.awaits ? [...own.sets.keys()] : own.left;
        const hint = "Make each call a task: new Context().bind(listener).";
        report(listener, sets, "this listener sets % for all that runs where it is called", hint);
        if (sets.length > 0) return;
      }
      const isSetUp = SET_UP.test(nameOfFunction(owner));
      const isOfProgram = (!isRuntime && !isOnce || isSetUp) &&
        !isOfCall(listener, root, owner, own.found);
      if (isFunction(owner) && !isOwn && !isOfProgram) {
        tell(listener, "whoever dispatches the event");
      }
    }
  }

  /** Whether a listener is one call's of its function, and not there for the whole program. */
  function isOfCall(listener: Node, root: Node, owner: Node, reads: Node[]): boolean {
    const names = owner.params?.flatMap((it: Node) =>
      it.name && it.name !== root?.name ? [it.name] : []
    ) ?? [];
    return reads.some((it) => effects.of(owner).sets.has(it)) ||
      names.length > 0 &&
        new RegExp(`(?<![.\\w])(${names.join("|")})\\b`).test(file.text(listener));
  }

  /** A job that a queue of the program keeps. */
  function tellJob(call: Node, queue: Node, job: Node): void {
    const [owner, made] = [ownerOf(call), file.resolve(queue)];
    const isLocal = made && made !== queue && ownerOf(made) === owner;
    const isKnown = file.functionsOf(call.callee).length > 0;
    if (!isFunction(owner) || isLocal || isKnown || !STORED.test(file.text(queue))) return;
    tell(job, "whoever runs it");
    tellOptions(job, /^/, "whoever runs it");
  }

  /** A timer by which the first of several calls lets all of them be answered. */
  function tellBatch(timer: Node, callback: Node): void {
    const isFirst = around(timer, ({ type }) => type === "IfStatement");
    const isShared = effects.partsOf(ownerOf(timer)).some((it) => {
      const made = STORE.test(nameOf(it)) && objectOf(it) && file.resolve(objectOf(it));
      return made?.parent && !isFunction(ownerOf(made));
    });
    if (isFirst && isShared) tell(callback, "whichever task asked first");
  }

  /** Whether a stream goes where its function does not read it. */
  function leaves(stream: Node): boolean {
    let { parent } = stream;
    while (/^(Call|Member)Expression$/.test(parent.type)) parent = parent.parent;
    if (parent.type !== "VariableDeclarator") return !/^(Await|ForOf)/.test(parent.type);
    const name = `${parent.id.name}\\b`;
    const use = new RegExp(
      `(return|=>) *${name}|(Response|send|body|pipeThrough)\\(${name}|[:=] *${name}`,
    );
    return use.test(file.text(ownerOf(stream)));
  }
});

/**
 * The function around a node; that of a promise's executor is the one around it, which calls it.
 */
function callerOf(node: Node): Node {
  const owner = ownerOf(node);
  return nameOf(owner.parent) === "Promise" ? callerOf(owner) : owner;
}

/** The call that makes an object, or an object of which it is a part. */
function madeBy(definition: Node): Node {
  const isPart = definition?.type === "Identifier" &&
    /Pattern|Property/.test(definition.parent.type);
  const declarator = isPart && around(definition, ({ type }) => type === "VariableDeclarator");
  return declarator ? bare(declarator.init) : definition;
}
