/**
 * What the names of a file stand for. A name stands for the node that defines it: a function, a
 * class, the `new ContextVar(...)` of a variable, the specifier of an import, a parameter's name.
 */

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import {
  bare,
  isFunction,
  isInside,
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

type Parameter = { readonly fn: Node; readonly index: number };

const SCOPE = /^(Program|BlockStatement|StaticBlock|SwitchStatement|For.*Statement)$/;
const NAMES = /^(ContextVar|Context|copyContext|currentContext|createTask)$/;
const OURS = /\bcontextvars\b/;
const SERVERS = /["'][^"']*\bcontextvars\/servers["']/;
const EXPORTED = /export (?:const|let) (\w+)\b[^;=]*= *new ContextVar\b/g;

export class SourceFile {
  readonly calls: Node[] = []; // and `new`
  readonly waits: Node[] = [];
  readonly functions: Node[] = [];
  readonly #others = new Map<string, Node[]>();
  readonly #scopes = new Map<Node, Map<string, Node>>();
  readonly #library = new Map<Node, string>();
  readonly #parameters = new Map<Node, Parameter>();
  readonly #names = new Map<Node, string>();
  readonly #callsOf = new Map<Node, Start[]>();
  readonly text: (node: Node) => string;
  readonly linted: LintedFile;
  /** The text of a file beside this one, by the specifier of what is imported from it. */
  readonly beside: Map<Node, string> = new Map();
  /** Whether the program makes every request a task, as far as this file and its imports show. */
  hasServers: boolean;

  constructor(linted: LintedFile) {
    this.linted = linted;
    this.text = memo((node) => linted.sourceCode.getText(node));
    this.hasServers = SERVERS.test(linted.sourceCode.text);
  }

  add(node: Node): void {
    if (isFunction(node)) this.functions.push(node);
    else if (/^(Call|New)Expression$/.test(node.type)) this.calls.push(node);
    else if (/^(Await|Yield)/.test(node.type) || node.await) this.waits.push(node);
    else if (this.#others.has(node.type)) this.all(node.type).push(node);
    else this.#others.set(node.type, [node]);
  }

  all(type: string): Node[] {
    return this.#others.get(type) ?? [];
  }

  /** Binds the names, once all nodes are there. */
  bindNames(): void {
    for (const node of this.all("ImportDeclaration")) this.#bindImport(node);
    for (const it of [...this.functions, ...this.all("ClassDeclaration")]) {
      if (it.id && it.type !== "FunctionExpression") this.#bind(it.parent, it.id, it);
    }
    for (const fn of this.functions) {
      for (const [index, it] of fn.params.entries()) this.#bindPattern(fn, it, { fn, index });
    }
    for (const { id, init, parent } of this.all("VariableDeclarator")) {
      if (id.type === "Identifier") this.#bind(parent, id, bare(init) ?? id);
      else this.#bindPattern(parent, id);
    }
    for (const call of this.calls) {
      const it = this.start(call) ?? { call, how: "run", fn: call.callee, args: call.arguments };
      const fn = this.resolve(it.fn);
      if (isFunction(fn)) this.#callsOf.set(fn, [...this.callsOf(fn), it]);
    }
  }

  #bind(at: Node, { name }: Node, definition: Node): void {
    while (!SCOPE.test(at.type) && !isFunction(at)) at = at.parent;
    this.#scopes.set(at, (this.#scopes.get(at) ?? new Map()).set(name, definition));
  }

  #bindPattern(at: Node, node: Node, parameter?: Parameter): void {
    const inner = node?.parameter ?? node?.left ?? node?.argument;
    if (inner) return this.#bindPattern(at, inner, parameter);
    for (const it of node?.properties ?? node?.elements ?? []) {
      this.#bindPattern(at, it?.value ?? it);
    }
    if (node?.type !== "Identifier") return;
    this.#bind(at, node, node);
    if (parameter) this.#parameters.set(node, parameter);
  }

  #bindImport({ source: { value: source }, specifiers }: Node): void {
    const isBeside = source.startsWith(".");
    const text = isBeside ? this.#read(source) : "";
    const variables = Array.from(text.matchAll(EXPORTED), ([, name]) => name);
    this.hasServers ||= SERVERS.test(text);
    for (const it of specifiers) {
      const name = it.imported?.name ?? (it.type === "ImportNamespaceSpecifier" ? "*" : "");
      const isOurs = OURS.test(source) || isBeside && NAMES.test(name);
      this.#bind(it, it.local, it);
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

  lookUp(name: string, at: Node): Node | undefined {
    for (let scope = this.#scopeOf(at); scope; scope = this.#scopeOf(scope.parent)) {
      const found = this.#scopes.get(scope)!.get(name);
      if (found) return found;
    }
    return undefined;
  }

  readonly #scopeOf = memo<Node>((node) =>
    !node || this.#scopes.has(node) ? node : this.#scopeOf(node.parent)
  );

  /** The function of which an expression is a parameter. */
  parameterOf(node: Node): Parameter | undefined {
    return this.#parameters.get(this.resolve(node));
  }

  /** What an expression stands for, or the expression itself. */
  readonly resolve: (node: Node) => Node = memo((node) => {
    const it = bare(node);
    const isName = it?.type === "Identifier";
    const found = isName
      ? this.lookUp(it.name, it.parent)
      : propertyOf(it) && this.#membersOf(this.#ownerOf(it.object)).get(it.property.name);
    if (!found || found === it || this.#parameters.has(found)) {
      return found ?? (isName ? undefined : it);
    }
    return this.resolve(found) ?? found;
  }, (node) => node);

  /** The class or object literal whose property is read. */
  #ownerOf(node: Node): Node {
    const found = this.resolve(node);
    if (found?.type === "ThisExpression") {
      let fn = ownerOf(found);
      while (/^Arrow/.test(fn.type) && fn.parent.type !== "PropertyDefinition") fn = ownerOf(fn);
      const holder = fn.parent?.parent;
      return holder?.type === "ClassBody" ? holder.parent : holder;
    }
    if (found?.type === "NewExpression") return this.resolve(found.callee);
    const type = typeOf(found);
    return type ? this.lookUp(type, found) : found;
  }

  readonly #membersOf = memo<Map<string, Node>>((owner) => {
    const members = new Map<string, Node>();
    for (const it of owner?.properties ?? owner?.body?.body ?? []) {
      members.set(it.key?.name, it.value ?? it);
    }
    if (!/^Class/.test(owner?.type)) return members;
    for (const { parameter } of members.get("constructor")?.params ?? []) {
      const name = parameter?.left ?? parameter;
      if (name) members.set(name.name, name);
    }
    for (const { left, right } of this.all("AssignmentExpression")) {
      const name = left.object?.type === "ThisExpression" && isInside(left, owner) &&
        propertyOf(left);
      if (name && !members.get(name)?.body && right.type !== "Identifier") members.set(name, right);
    }
    return members;
  });

  /** The library's name for what an expression names: `createTask`, `Context`... */
  library(expression: Node): string | undefined {
    const node = bare(expression);
    if (node?.type === "Identifier") return this.#library.get(this.lookUp(node.name, node.parent));
    return propertyOf(node) && this.library(node.object) === "*" ? node.property.name : undefined;
  }

  /** Whether a fix may write one of the library's names. */
  imports(name: string): boolean {
    return [...this.#library].some(([{ local }, it]) => it === name && local.name === name);
  }

  isNew(node: Node, name: string): boolean {
    return node?.type === "NewExpression" && this.library(node.callee) === name;
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
    if (/^(copy|current)Context$/.test(this.library(found?.callee) ?? "")) return "copy";
    return nameOf(found) === "copy" ? this.contextOf(objectOf(found)) : undefined;
  }

  readonly start: (node: Node) => Start | undefined = memo((call) => {
    if (call?.type !== "CallExpression") return undefined;
    const [first, ...rest] = call.arguments;
    const [how, context] = [nameOf(call), objectOf(call)];
    const isTask = this.library(call.callee) === "createTask";
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
    const parameter = this.#parameters.get(found);
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

/** The name of the type that a name is declared with. */
function typeOf(node: Node): string {
  return node?.typeAnnotation?.typeAnnotation?.typeName?.name ?? "";
}
