/**
 * Where code begins that nobody of the program calls: the handlers of servers, jobs and tests. No
 * task is there, but where a handler is bound or starts one.
 */

import type { Subject } from "./rule.ts";
import type { SourceFile, Start } from "./source_file.ts";
import { isFunction, isInside, nameOf, type Node, objectOf, ownerOf, rootOf } from "./syntax.ts";

export interface Entry {
  readonly handler: Node;
  /** `request`: what `…/servers` makes a task. */
  readonly kind: "request" | "job" | "test";
}

const SERVE = /^(serve|createServer|createSecureServer|listenQueue)$/;
const JOB = /^(process|consume|schedule|scheduleJob|work|define|subscribe|createWorker)$/;
const WORKER = /^(Worker|CronJob|Cron|Consumer)$/;
const OPTIONS = {
  request: /^(fetch|handler|request|scheduled|queue|email|message|onRequest)$/,
  job: /^(each(Message|Batch)|processor|callback|handleMessage|handler|onTick)$/,
  test: /^fn$/,
};
const RUNNER = /^(bun:test|mocha)$|@std\/testing/;
const TEST = /^(test|it|(before|after)(Each|All))$/;

/** The handlers that a file registers. */
export function entriesOf(file: SourceFile): Entry[] {
  const found: Entry[] = [];
  const add = (it: Node, kind: Entry["kind"]) => {
    for (const handler of handlersIn(file, it, OPTIONS[kind])) found.push({ handler, kind });
  };
  for (const call of file.calls) {
    const isKnown = file.start(call) || file.functionsOf(call.callee).length > 0;
    const kind = isKnown ? undefined : kindOf(file, call);
    const isApp = kind && nameOf(call) === "listen";
    for (const it of isApp ? [objectOf(call)] : kind ? call.arguments : []) add(it, kind!);
  }
  for (const { declaration } of file.all("ExportDefaultDeclaration")) {
    if (/^(New|Object)Expression$/.test(file.resolve(declaration)?.type)) {
      add(declaration, "request");
    }
  }
  return found;
}

function kindOf(file: SourceFile, call: Node): Entry["kind"] | undefined {
  const [name, object, root] = [nameOf(call), objectOf(call), rootOf(call.callee)];
  const [first] = call.arguments;
  if (call.type === "NewExpression") return WORKER.test(name) ? "job" : undefined;
  const isEvent = /^(on|addEventListener)$/.test(name) && /^(request|fetch)$/.test(first?.value);
  const isServed = object && name === "listen" || object?.name === "Deno" && name === "cron";
  if (SERVE.test(name) || isEvent || isServed) return "request";
  const source = root?.name && file.lookUp(root.name, call)?.parent?.source?.value;
  const isTest = TEST.test(root?.name) && RUNNER.test(source);
  if (isTest || /^Deno\.test\b/.test(file.text(call.callee))) return "test";
  if (/^(npm:)?fastq\b/.test(source)) return "job";
  const isTimer = /^set(Interval|Timeout)$/.test(name) && !isFunction(ownerOf(call));
  const isRun = object && name === "run" && first?.type === "ObjectExpression";
  const isObservable = name === "subscribe" && !/Literal$/.test(first?.type);
  return isTimer || isRun || object && JOB.test(name) && !isObservable ? "job" : undefined;
}

/** The handlers in an argument: itself, or what the options have under certain names. */
function handlersIn(file: SourceFile, argument: Node, names: RegExp): Node[] {
  const found = file.resolve(argument);
  if (found?.type !== "ObjectExpression") {
    return !found || found.type === "Literal" ? [] : [argument];
  }
  return found.properties.flatMap(({ key, value }: Node) => {
    const name = key?.name ?? key?.value ?? "";
    const isGroup = /^(routes|websocket)$|^\//.test(name) &&
      file.resolve(value)?.type === "ObjectExpression";
    return isGroup ? handlersIn(file, value, /^/) : names.test(name) ? [value] : [];
  });
}

/**
 * The functions that run where a handler is called: itself, or all that an application is given.
 */
export function callbacksOf(file: SourceFile, handler: Node, seen: Set<Node> = new Set()): Node[] {
  const functions = file.functionsOf(handler);
  const app = file.resolve(rootOf(handler));
  if (!app?.callee || seen.has(app)) return functions;
  seen.add(app);
  const isOurs = (it: Node) =>
    objectOf(it) && !isInside(it, handler) && file.resolve(rootOf(it)) === app;
  const calls = file.calls.filter(isOurs);
  for (let at = app; at?.callee; at = objectOf(at)) calls.push(at); // new App().use(one).use(two)
  const given = (node: Node): Node[] => {
    const it = node && file.resolve(node);
    const parts = it?.properties?.map(({ value }: Node) => value) ?? it?.elements;
    return parts?.flatMap(given) ?? (it ? callbacksOf(file, node, seen) : []);
  };
  return [...functions, ...calls.flatMap((it) => it.arguments.flatMap(given))];
}

/** The task that a function starts for the request, or for the rest of the handlers. */
export function taskOfRequest({ file, effects }: Subject, fn: Node): Start | undefined {
  const names = fn.params.flatMap((it: Node) =>
    it.properties?.map(({ value }: Node) => value) ?? it
  )
    .map((it: Node) => it?.name ?? "^");
  const request = new RegExp(`\\b(${names.join("|") || "^"})\\b`);
  return effects.partsOf(fn).map(file.start).find((start) =>
    start && start.how !== "bind" &&
    request.test([start.fn, ...start.args].map((it) => it && file.text(it)).join())
  );
}

/** Whether a function runs only while the program starts, as far as the file shows. */
export function isAtStart(file: SourceFile, fn: Node): boolean {
  if (!isFunction(fn)) return true;
  const calls = /^Export/.test(fn.parent.type) ? [] : file.callsOf(fn);
  return calls.length > 0 &&
    calls.every(({ call }) => !isFunction(ownerOf(call)) && file.start(call)?.how !== "bind");
}
