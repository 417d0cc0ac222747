/** Calls that run side by side in one task, where one sets what another sets or reads. */

import { type Effects, TIMER } from "../effects.ts";
import { type Rule, rule } from "../rule.ts";
import type { Start } from "../source_file.ts";
import {
  awaits,
  bare,
  fateOf,
  isFunction,
  isInside,
  loopAround,
  nameOf,
  type Node,
  objectOf,
  ownerOf,
  precedes,
} from "../syntax.ts";

const HINT = "Start each as a task, createTask(fn, ...args): it then has a context of its own.";
const TOGETHER = "what runs side by side sets % in one task: the last one wins for all";
const MAPPER =
  /^(map|flatMap|from|forEach|mergeMap|pMap|pooledMap|asyncPool|(map|each|forEach)Limit)$/;

export const concurrentSet: Rule = rule(({ file, effects, report }) => {
  const told = new Set<Node>();
  for (const call of file.calls) {
    const start = file.start(call);
    if (start) tellShared(start);
    else if (objectOf(call)?.name === "Promise") {
      const elements = bare(call.arguments[0])?.elements?.map((it: Node) => file.resolve(it)) ?? [];
      tellTogether(elements.filter((it: Node) => it?.callee));
    } else if (MAPPER.test(nameOf(call))) tellMapper(call);
  }
  for (const { properties, parent } of file.all("ObjectExpression")) {
    const fields = properties.map(({ value }: Node) => value).filter(isFunction);
    const isQuery = /resolver|rootValue|^Query$/i.test(parent.id?.name ?? parent.key?.name);
    for (const fn of isQuery ? fields : []) tellOneOfMany(fn, effects.of(fn));
  }
  for (const call of file.calls) {
    const isTask = file.start(call) || !isFunction(ownerOf(call));
    if (TIMER.test(nameOf(call)) && !isTask) tellTimer(call);
    else if (!isTask && (file.givesPromise(call) || effects.isLimiter(call))) tellStarted(call);
  }

  function tell(nodes: Node[], variables: Node[], message: string): void {
    if (variables.length === 0 || nodes.some((it) => told.has(it))) return;
    for (const it of nodes) told.add(it);
    const isPlain = (it: Node) =>
      it.callee?.type === "Identifier" && it.parent.type !== "MemberExpression";
    const asTask = (it: Node) =>
      `createTask(${[it.callee, ...it.arguments].map(file.text).join(", ")})`;
    const canFix = file.imports("createTask") && nodes.every(isPlain);
    report(
      nodes[0],
      variables,
      message,
      HINT,
      canFix && ((fixer) => nodes.map((it) => fixer.replaceText(it, asTask(it)))),
    );
  }

  /** `Promise.all([work("a"), work("b")])` */
  function tellTogether(nodes: Node[]): void {
    const clashes = (node: Node) =>
      nodes.flatMap((it) => it === node ? [] : effectsOf(node).clashesWith(effectsOf(it)));
    const guilty = nodes.filter((it) => clashes(it).length > 0);
    tell(guilty, guilty.flatMap(clashes), TOGETHER);
  }

  function tellOneOfMany(node: Node, own: Effects): void {
    tell([node], own.clashesWith(own), TOGETHER);
  }

  function effectsOf(call: Node): Effects {
    const start = file.start(call);
    const isShared = start?.how === "run" && start.context?.type === "Identifier";
    const [fn] = isShared ? file.functionsOf(start.fn) : []; // one context, entered by each
    return fn ? effects.of(fn) : effects.ofCall(call);
  }

  /** `names.map(work)`, and its like in other libraries */
  function tellMapper(call: Node): void {
    if (/concurrency: *1\b/.test(file.text(call))) return;
    for (const fn of call.arguments.flatMap(file.functionsOf)) {
      const [inner] = file.returned(fn);
      const isStarted = inner?.callee && (file.givesPromise(inner) || effects.isLimiter(inner));
      const own = file.start(inner) ? effectsOf(inner) : effects.of(fn);
      const isWhole = !fn.async && inner?.callee && fn.body === inner;
      if (file.isAsync(fn) || isStarted) tellOneOfMany(isWhole ? inner : call, own);
    }
  }

  /** A call that nobody awaits before the next one, or before its caller goes on. */
  function tellStarted(call: Node): void {
    const { kind, name } = fateOf(call);
    const chained = objectOf(call.parent.parent) === call ? call.parent.parent : call;
    const isFollowed = file.parameterOf(chained.arguments[0]); // `logIn().then(next)`
    if (/^(awaited|returned)$/.test(kind) || isFollowed) return;
    const own = effects.ofCall(call);
    const loop = loopAround(call);
    const parts = effects.partsOf(ownerOf(call));
    const isWaited = (it: Node) => awaits(it, name, file.text);
    const inLoop = parts.filter((it) => loop && isInside(it, loop));
    const isRepeated = loop && !inLoop.some(isWaited);
    if (kind === "dropped" || isRepeated || isLeft(call, name)) {
      tell(
        [call],
        own.clashesWith(own),
        "this call, which nobody awaits, sets % in its caller's task",
      );
    }
    const isNamed = file.functionsOf(call.callee).length > 0 && !isFunction(bare(call.callee));
    if (told.has(call) || !isNamed) return; // in place, it shares on purpose
    const later = parts.filter((it) => precedes(call, it));
    const end = later.findIndex(isWaited);
    const meanwhile = isRepeated ? inLoop : later.slice(0, end < 0 ? undefined : end);
    const clash = meanwhile.map((it) => file.method(it, "set")).find((it) =>
      it && (own.late.has(it) || own.clashesWith(own).includes(it))
    );
    report(
      call,
      clash ? [clash] : [],
      "this is still under way where % is set again, and finds the new value",
      HINT,
    );
  }

  /** Whether a function that does not wait returns without the promise that it keeps. */
  function isLeft(call: Node, name: string | undefined): boolean {
    const returned = file.returned(ownerOf(call)).map((it) => it ? file.text(it) : "");
    return !ownerOf(call).async && !returned.some((it) => name === undefined || it.includes(name));
  }

  /** A timer's callback that sets while its task goes on, or reads what a later round has set. */
  function tellTimer(call: Node): void {
    const owner = ownerOf(call);
    if (owner.parent.callee?.name === "Promise") return;
    const own = effects.ofCall(call);
    tell([call], own.left, "this callback sets % in the task that goes on meanwhile");
    const loop = loopAround(call);
    const inLoop = effects.partsOf(owner).filter((it) => loop && isInside(it, loop));
    const sets = inLoop.map((it) => file.method(it, "set")).filter((it) =>
      it && own.found.includes(it)
    );
    report(
      call,
      sets,
      "this callback reads % when a later round has set it",
      "Bind it: copyContext().bind(callback).",
    );
  }

  /** `(...args) => context.run(fn, ...args)`, by which all calls enter one context. */
  function tellShared({ call, how, fn, context }: Start): void {
    const given = bare(fn);
    if (given?.callee && how !== "bind" && file.givesPromise(given)) {
      const hint = "Give the function and its arguments: createTask(fn, ...args).";
      report(given, undefined, "this call has begun before its task", hint);
    }
    const made = how === "run" && context?.type === "Identifier" && file.resolve(context);
    const isCall = (it: Node) => isFunction(it) && isInside(call, it) && file.parameterOf(fn);
    if (!made || !file.returned(ownerOf(made)).some(isCall)) return;
    const message = "all calls enter this one context, and what one sets the others find";
    report(
      call,
      undefined,
      message,
      "Bind the function, context.bind(fn): each call runs in a copy.",
    );
  }
});
