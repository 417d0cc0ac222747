/**
 * Where code begins that nobody of the program calls: the handlers of servers, jobs and tests. No
 * task is there, but where a handler is bound or starts one.
 */

import type { Subject } from "./rule.ts";
import type { SourceFile, Start } from "./source_file.ts";
import {
  bare,
  calledName,
  functionAround,
  isFunction,
  isInside,
  memo,
  type Node,
  rootOf,
} from "./syntax.ts";

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
export const entriesOf: (file: SourceFile) => Entry[] = memo((file) => {
  const found: Entry[] = [];
  for (const call of file.all("CallExpression", "NewExpression")) {
    const kind = file.start(call) || file.functionsOf(call.callee).length > 0
      ? undefined
      : kindOf(file, call);
    const isApp = kind === "request" && calledName(call) === "listen";
    for (const it of isApp ? [bare(call.callee).object] : kind ? call.arguments : []) {
      for (const handler of handlersIn(file, it, OPTIONS[kind!])) {
        found.push({ handler, kind: kind! });
      }
    }
  }
  for (const { declaration } of file.all("ExportDefaultDeclaration")) {
    if (!/^(New|Object)Expression$/.test(file.resolve(declaration)?.type)) continue;
    for (const handler of handlersIn(file, declaration, OPTIONS.request)) {
      found.push({ handler, kind: "request" });
    }
  }
  return found;
});

function kindOf(file: SourceFile, call: Node): Entry["kind"] | undefined {
  const name = calledName(call);
  const { object } = bare(call.callee);
  const [first] = call.arguments;
  if (call.type === "NewExpression") return WORKER.test(name) ? "job" : undefined;
  if (SERVE.test(name) || name === "listen" && object) return "request";
  if (object?.name === "Deno" && name === "cron") return "request";
  if (/^(on|addEventListener)$/.test(name) && /^(request|fetch)$/.test(first?.value)) {
    return "request";
  }
  const root = rootOf(call.callee);
  const source = root?.name && file.lookUp(root.name, call)?.parent?.source?.value;
  if (
    /^Deno\.test\b/.test(file.text(call.callee)) || TEST.test(root?.name) && RUNNER.test(source)
  ) {
    return "test";
  }
  const isTimer = /^set(Interval|Timeout)$/.test(name) && !isFunction(functionAround(call));
  const isRun = name === "run" && first?.type === "ObjectExpression";
  const isObservable = name === "subscribe" && !/Literal$/.test(first?.type);
  return isTimer || object && (isRun || JOB.test(name) && !isObservable) ? "job" : undefined;
}

/** The handlers in an argument: itself, or what the options have under certain names. */
function handlersIn(file: SourceFile, argument: Node, names: RegExp): Node[] {
  const found = file.resolve(argument);
  if (found?.type !== "ObjectExpression") {
    return /^(|Literal)$/.test(found?.type ?? "") ? [] : [argument];
  }
  return found.properties.flatMap(({ key, value }: Node) => {
    const isNested = /^(routes|websocket)$|^\//.test(key?.name ?? key?.value ?? "");
    if (isNested && bare(value).type === "ObjectExpression") return handlersIn(file, value, /^/);
    return isNested || names.test(key?.name ?? "") || names.test("/") ? [value] : [];
  });
}

/** The functions that run where a handler is called: itself, or all that an application is given. */
export function callbacksOf(file: SourceFile, handler: Node, seen: Set<Node> = new Set()): Node[] {
  const functions = file.functionsOf(handler);
  const app = file.resolve(rootOf(handler));
  if (!/^(New|Call)Expression$/.test(app?.type) || seen.has(app)) return functions;
  seen.add(app);
  const made: Node[] = []; // as in `new App().use(first).use(second)`
  for (let at = app; at?.callee; at = bare(bare(at.callee).object)) made.push(at);
  const given = (node: Node): Node[] => {
    const it = node && file.resolve(node);
    if (it?.type === "ObjectExpression") {
      return it.properties.flatMap((part: Node) => given(part.value));
    }
    return it?.type === "ArrayExpression"
      ? it.elements.flatMap(given)
      : it
      ? callbacksOf(file, node, seen)
      : [];
  };
  const uses = file.calls.filter((it) =>
    bare(it.callee).object && !isInside(it, handler) && file.resolve(rootOf(it)) === app
  );
  return [...functions, ...[...made, ...uses].flatMap((it) => it.arguments.flatMap(given))];
}

/** The task that a function starts for the request, or for the rest of the handlers. */
export function taskOfRequest(
  { file, effects }: Subject,
  fn: Node,
): Start & { call: Node } | undefined {
  const patterns = fn.params.flatMap((it: Node) =>
    it.properties?.map(({ value }: Node) => value) ?? it
  );
  const names = new RegExp(
    `\\b(${patterns.map((it: Node) => it?.name ?? "^").join("|") || "^"})\\b`,
  );
  for (const call of effects.partsOf(fn)) {
    const start = file.start(call);
    const given = start && [start.fn, ...start.args].map((it) => it && file.text(it)).join();
    if (start && start.how !== "bind" && names.test(given!)) return { ...start, call };
  }
  return undefined;
}

/** Whether a function runs only while the program starts, as far as the file shows. */
export function isAtStart(file: SourceFile, fn: Node): boolean {
  if (!isFunction(fn)) return true;
  const calls = /^Export/.test(fn.parent.type) ? [] : file.callsOf(fn);
  return calls.length > 0 &&
    calls.every(({ call }) =>
      !isFunction(functionAround(call)) && file.start(call)?.how !== "bind"
    );
}
