/** What a file shows of the library: its variables, its contexts, and where it starts tasks. */

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Names, typeOf } from "./names.ts";
import {
  bare,
  isFunction,
  memo,
  nameOf,
  type Node,
  objectOf,
  ownerOf,
  propertyOf,
} from "./syntax.ts";

/** What both linters tell of a file. */
export interface LintedFile {
  readonly filename: string;
  readonly sourceCode: { readonly text: string; readonly ast: Node; getText(node?: Node): string };
}

/** A call that starts a task, or makes a function that does. */
export interface Start {
  readonly call: Node;
  readonly how: "createTask" | "run" | "bind";
  readonly fn: Node;
  readonly args: Node[];
  readonly context?: Node;
}

const NAMES = /^(ContextVar|Context|copyContext|currentContext|createTask)$/;
const OURS = /\bcontextvars\b/;
const SERVERS = /["'][^"']*\bcontextvars\/servers["']/;
const EXPORTED = /export (?:const|let) (\w+)\b[^;=]*= *new ContextVar\b/g;

export class SourceFile extends Names {
  readonly #library = new Map<Node, string>();
  readonly #names = new Map<Node, string>();
  readonly #callsOf = new Map<Node, Start[]>();
  readonly text: (node: Node) => string;
  readonly linted: LintedFile;
  /** The text of a file beside this one, by the specifier of what is imported from it. */
  readonly beside: Map<Node, string> = new Map();
  /** Whether the program makes every request a task, as far as this file and its imports show. */
  hasServers: boolean;

  constructor(linted: LintedFile) {
    super();
    this.linted = linted;
    this.text = memo((node) => linted.sourceCode.getText(node));
    this.hasServers = SERVERS.test(linted.sourceCode.text);
  }

  override bindNames(): void {
    super.bindNames();
    for (const node of this.all("ImportDeclaration")) this.#bindImport(node);
    for (const call of this.calls) {
      const it = this.start(call) ?? { call, how: "run", fn: call.callee, args: call.arguments };
      const fn = this.resolve(it.fn);
      if (isFunction(fn)) this.#callsOf.set(fn, [...this.callsOf(fn), it]);
    }
  }

  #bindImport({ source: { value: source }, specifiers }: Node): void {
    const isBeside = source.startsWith(".");
    const text = isBeside ? this.#read(source) : "";
    const variables = Array.from(text.matchAll(EXPORTED), ([, name]) => name);
    this.hasServers ||= SERVERS.test(text);
    for (const it of specifiers) {
      const name = it.imported?.name ?? (it.type === "ImportNamespaceSpecifier" ? "*" : "");
      const isOurs = OURS.test(source) || isBeside && NAMES.test(name);
      if (isBeside) this.beside.set(it, text);
      if (isOurs || variables.includes(name)) this.#library.set(it, isOurs ? name : "a variable");
    }
  }

  #read(source: string): string {
    const path = resolve(dirname(this.linted.filename), source);
    for (const file of [path, path.replace(/\.js$/, ".ts"), `${path}.ts`]) {
      try {
        return readFileSync(file, "utf8");
      } catch { // not there, a folder, or no permission: then nothing is known of it
      }
    }
    return "";
  }

  /** The library's name for what an expression names: `createTask`, `Context`... */
  importedName(expression: Node): string | undefined {
    const node = bare(expression);
    if (node?.type === "Identifier") return this.#library.get(this.lookUp(node.name, node.parent));
    return propertyOf(node) && this.importedName(node.object) === "*"
      ? node.property.name
      : undefined;
  }

  /** Whether a fix may write one of the library's names. */
  imports(name: string): boolean {
    return [...this.#library].some(([{ local }, it]) => it === name && local.name === name);
  }

  isNew(node: Node, name: string): boolean {
    return node?.type === "NewExpression" && this.importedName(node.callee) === name;
  }

  /** The variable that an expression names. */
  readonly variable: (node: Node) => Node | undefined = memo((node) => {
    const found = this.resolve(node);
    const isMade = (it: Node) => this.isNew(it, "ContextVar");
    const isVariable = isMade(found) || typeOf(found) === "ContextVar" ||
      this.#library.get(found) === "a variable" ||
      found?.callee && this.returned(this.resolve(found.callee)).some(isMade);
    if (isVariable && !this.#names.has(found)) this.#names.set(found, this.text(bare(node)));
    return isVariable ? found : undefined;
  });

  names(variables: Iterable<Node>): string {
    return Array.from(new Set(variables), (it) => `\`${this.#names.get(it)}\``).join(" and ");
  }

  /** The variable of which a node calls one of the methods. */
  method(node: Node, ...methods: string[]): Node | undefined {
    return methods.includes(nameOf(node)) && objectOf(node)
      ? this.variable(objectOf(node))
      : undefined;
  }

  /** What a function returns, as it is written. */
  readonly returned: (fn: Node) => Node[] = memo((fn) => {
    if (!isFunction(fn)) return [];
    if (fn.body.type !== "BlockStatement") return [bare(fn.body)];
    return this.all("ReturnStatement").filter((it) => ownerOf(it) === fn).map((it) =>
      bare(it.argument)
    );
  });

  /** Whether an expression is a `Context`: a new one, or a copy of the current. */
  contextOf(node: Node): "new" | "copy" | undefined {
    const found = this.resolve(node);
    if (this.isNew(found, "Context")) return "new";
    if (/^(copy|current)Context$/.test(this.importedName(found?.callee) ?? "")) return "copy";
    return nameOf(found) === "copy" ? this.contextOf(objectOf(found)) : undefined;
  }

  readonly start: (node: Node) => Start | undefined = memo((call) => {
    if (call?.type !== "CallExpression") return undefined;
    const [first, ...rest] = call.arguments;
    const [how, context] = [nameOf(call), objectOf(call)];
    const isTask = this.importedName(call.callee) === "createTask";
    if (isTask) return { call, how: "createTask", fn: first, args: rest };
    if (!context || how !== "run" && how !== "bind") return undefined;
    if (this.contextOf(context)) return { call, how, fn: first, args: rest, context };
    const isRun = how === "run" && this.variable(context);
    return isRun ? { call, how, fn: rest[0], args: rest.slice(1) } : undefined;
  });

  /** The functions of this file that an expression may be; what runs as a task is none of them. */
  readonly functionsOf: (node: Node) => Node[] = memo((node) => {
    const found = this.resolve(node);
    if (!found || this.start(found)) return [];
    if (isFunction(found)) return [found];
    const all = (them: Node[]) => them.flatMap((it) => this.functionsOf(it));
    if (found.type === "ConditionalExpression") return all([found.consequent, found.alternate]);
    if (nameOf(found) === "bind") return all([objectOf(found)]);
    if (found.type === "CallExpression") {
      return all(all([found.callee]).flatMap((fn) => this.returned(fn)));
    }
    const parameter = this.parameterOf(found);
    return parameter
      ? all(this.callsOf(parameter.fn).map(({ args }) => args[parameter.index]))
      : [];
  }, () => []);

  /** The calls of a function that the file shows, those that start it as a task included. */
  callsOf(fn: Node): Start[] {
    return this.#callsOf.get(fn) ?? [];
  }

  /** Whether a call is known to give a promise. */
  readonly givesPromise: (call: Node) => boolean = memo((call) => {
    const start = this.start(call);
    if (call?.type !== "CallExpression" || start?.how === "bind") return false;
    if (start?.how === "createTask" || /^(then|catch|finally)$/.test(nameOf(call))) return true;
    const fn = start ? start.fn : call.callee;
    const type = this.resolve(fn)?.typeAnnotation?.typeAnnotation?.returnType;
    return /^Promise/.test(typeOf({ typeAnnotation: type })) ||
      this.functionsOf(fn).some((it) => this.isAsync(it));
  });

  readonly isAsync: (fn: Node) => boolean = memo((fn) => {
    if (fn.generator) return false;
    if (fn.async || /^Promise/.test(typeOf({ typeAnnotation: fn.returnType }))) return true;
    const [body] = this.returned(fn);
    return body?.type === "CallExpression" && fn.body === body && !this.start(body) &&
      this.functionsOf(body.callee).some((it) => this.isAsync(it));
  }, () => false);
}
