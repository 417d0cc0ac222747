/** Calls that run side by side in one task, where one sets what another sets or reads. */

import { type Effects, TIMER } from "../effects.ts";
import { type Rule, rule } from "../rule.ts";
import {
  bare,
  calledName,
  fateOf,
  functionAround,
  isFunction,
  isInside,
  loopAround,
  type Node,
} from "../syntax.ts";

const HINT = "Start each as a task, createTask(fn, ...args): it then has a context of its own.";
const MAPPER =
  /^(map|flatMap|from|fromAsync|forEach|mergeMap|pMap|pooledMap|asyncPool|(map|each|forEach)Limit)$/;

export const concurrentSet: Rule = rule(({ file, effects, report }) => {
  const told = new Set<Node>();
  for (const call of file.calls) {
    if (file.start(call)) tellShared(call);
    else if (bare(call.callee).object?.name === "Promise") {
      const { elements = [] } = bare(call.arguments[0]) ?? {};
      const calls = elements.map((it: Node) => file.resolve(it)).filter((it: Node) => it?.callee);
      tellTogether(calls, effectsOfElement);
    } else if (MAPPER.test(calledName(call))) tellMapper(call);
  }
  for (const { properties, parent } of file.all("ObjectExpression")) {
    const isResolved = /resolver|rootValue|^Query$/i.test(parent.id?.name ?? parent.key?.name);
    const fields = properties.map((it: Node) => it.value).filter(isFunction);
    if (isResolved) tellTogether(fields, (fn) => effects.of(fn));
  }
  for (const call of file.calls) {
    const isStarted = file.givesPromise(call) && !file.start(call) || effects.isLimiter(call);
    if (isStarted || TIMER.test(calledName(call))) tellStarted(call);
  }

  function tell(nodes: Node[], variables: Node[], what: string): void {
    if (variables.length === 0 || nodes.some((it) => told.has(it))) return;
    for (const it of nodes) told.add(it);
    const canFix = file.imports("createTask") &&
      nodes.every((it) =>
        it.callee?.type === "Identifier" && it.parent.type !== "MemberExpression"
      );
    const message = `${what} ${file.names(variables)} in one task: the last one wins for all`;
    report(
      nodes[0],
      message,
      HINT,
      canFix && ((fixer) =>
        nodes.map((it) => {
          const list = [it.callee, ...it.arguments].map((part) => file.text(part)).join(", ");
          return fixer.replaceText(it, `createTask(${list})`);
        })),
    );
  }

  /** `Promise.all([work("a"), work("b")])` */
  function tellTogether(nodes: Node[], effectsOf: (node: Node) => Effects): void {
    const all = nodes.map((node) => ({ node, own: effectsOf(node) }));
    const guilty = all.map(({ node, own }) => ({
      node,
      variables: all.filter((it) => it.node !== node).flatMap((it) => own.clashesWith(it.own)),
    })).filter(({ variables }) => variables.length > 0);
    const variables = guilty.flatMap((it) => it.variables);
    tell(guilty.map(({ node }) => node), variables, "what runs side by side sets");
  }

  function effectsOfElement(call: Node): Effects {
    const start = file.start(call);
    const isShared = start?.how === "run" && start.context?.type === "Identifier";
    const [fn] = isShared ? file.functionsOf(start.fn) : []; // one context, entered by each
    return fn ? effects.of(fn) : effects.ofCall(call);
  }

  /** `names.map(work)`, and its like in other libraries */
  function tellMapper(call: Node): void {
    if (call.parent.await || /concurrency: *1\b/.test(file.text(call))) return;
    for (const fn of call.arguments.flatMap((it: Node) => file.functionsOf(it))) {
      const [inner] = file.returned(fn);
      const isPromise = file.isAsync(fn) ||
        inner?.callee && (file.givesPromise(inner) || effects.isLimiter(inner));
      const own = file.start(inner) ? effectsOfElement(inner) : effects.of(fn);
      const isWhole = !fn.async && inner?.callee && fn.body === inner;
      if (isPromise) {
        tell([isWhole ? inner : call], own.clashesWith(own), "what runs side by side sets");
      }
    }
  }

  /** A call that nobody awaits before the next one, or before its caller goes on. */
  function tellStarted(call: Node): void {
    const fn = functionAround(call);
    const { kind, name } = fateOf(call);
    const isTimer = TIMER.test(calledName(call));
    if (!isTimer && /^(awaited|returned)$/.test(kind) || fn.parent?.callee?.name === "Promise") {
      return;
    }
    const chained = call.parent.parent?.callee === call.parent ? call.parent.parent : call;
    if (file.parameterOf(chained.arguments[0])) return; // `logIn().then(next)`: what follows awaits it
    const own = effects.ofCall(call);
    const loop = loopAround(call);
    const isWaited = (it: Node) =>
      it.type === "AwaitExpression" && name &&
      new RegExp(`\\b${name}\\b`).test(file.text(it)) &&
      !/\.race\(/.test(file.text(it));
    const parts = effects.partsOf(fn);
    const isLeft = kind === "dropped" ||
      loop && !parts.some((it) => isInside(it, loop) && isWaited(it));
    if (isFunction(fn) && (isLeft || isTimer)) {
      const sets = isTimer ? own.left : own.clashesWith(own);
      tell([call], sets, `${isTimer ? "this callback" : "this call, which nobody awaits,"} sets`);
    }
    const isNamed = file.functionsOf(call.callee).length > 0 && !isFunction(bare(call.callee));
    if (told.has(call) || !(isTimer ? loop : isNamed)) return; // in place, it shares on purpose
    const later = parts.filter((it) => it.range[0] > call.range[1]);
    const end = later.find(isWaited)?.range[1] ?? Infinity;
    const scope = isTimer ? parts.filter((it) => isInside(it, loop)) : later;
    const clash = scope.find((it) =>
      it.range[1] < end &&
      [file.method(it, "set")].some((set) =>
        set && (own.late.has(set) || own.clashesWith(own).includes(set))
      )
    );
    if (!clash || !isFunction(fn)) return;
    const variable = file.names([file.method(clash, "set")]);
    report(
      call,
      `this is still under way where ${variable} is set again, and finds the new value`,
      HINT,
    );
  }

  /** `(...args) => context.run(fn, ...args)`, where all calls enter one context. */
  function tellShared(call: Node): void {
    const { how, fn, context } = file.start(call)!;
    const around = functionAround(call);
    const made = context?.type === "Identifier" && file.resolve(context);
    if (
      how !== "run" || !made || !isFunction(functionAround(made)) || functionAround(made) === around
    ) return;
    const outer = functionAround(made);
    const isReturned = file.returned(outer).some((it) => isInside(around, it));
    if (isReturned && file.parameterOf(fn)) {
      report(
        call,
        "all calls enter this one context, and what one sets the others find",
        "Bind the function: each call then runs in a copy, context.bind(fn).",
      );
    }
  }
});
