/**
 * What the names of a file stand for. A name stands for the node that defines it: a function, a
 * class, the `new ContextVar(...)` of a variable, the specifier of an import, a parameter's name.
 */

import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import {
  bare,
  functionAround,
  isFunction,
  isInside,
  memo,
  type Node,
  propertyOf,
} from "./syntax.ts";

/** What both linters tell of a file. */
export interface LintedFile {
  readonly filename: string;
  readonly sourceCode: { readonly text: string; readonly ast: Node; getText(node?: Node): string };
}

/** A call that starts a task, or makes a function that does. */
export interface Start {
  readonly how: "createTask" | "run" | "bind";
  readonly fn: Node;
  readonly args: Node[];
  readonly context?: Node;
}

const SCOPE = /^(Program|BlockStatement|StaticBlock|SwitchStatement|For.*Statement)$/;
const NAMES = /^(ContextVar|Context|copyContext|currentContext|createTask)$/;
const OURS = /\bcontextvars\b/;
const SERVERS = /["'][^"']*\bcontextvars\/servers["']/;
const EXPORTED = /export (?:const|let) (\w+)\b[^;=]*= *new ContextVar\b/g;

export class SourceFile {
  readonly #nodes = new Map<string, Node[]>();
  readonly #scopes = new Map<Node, Map<string, Node>>();
  readonly #library = new Map<Node, string>();
  readonly #parameters = new Map<Node, { fn: Node; index: number }>();
  readonly #names = new Map<Node, string>();
  readonly #members = new Map<Node, Map<string, Node>>();
  readonly #calls = new Map<Node, { call: Node; args: Node[] }[]>();
  readonly linted: LintedFile;
  /** The text of a file beside this one, by the specifier of what is imported from it. */
  readonly beside: Map<Node, string> = new Map();
  /** Whether the program makes every request a task, as far as this file and its imports show. */
  hasServers: boolean;

  constructor(linted: LintedFile) {
    this.linted = linted;
    this.hasServers = SERVERS.test(linted.sourceCode.text);
  }

  add(node: Node): void {
    const known = this.#nodes.get(node.type);
    if (known) known.push(node);
    else this.#nodes.set(node.type, [node]);
  }

  all(type: string, ...types: string[]): readonly Node[] {
    const nodes = this.#nodes.get(type) ?? [];
    return types.length === 0 ? nodes : nodes.concat(...types.map((it) => this.all(it)));
  }

  get calls(): readonly Node[] {
    return this.all("CallExpression");
  }

  readonly text: (node: Node) => string = memo((node) => this.linted.sourceCode.getText(node));

  /** Binds the names, once all nodes are there. */
  bindNames(): void {
    for (const node of this.all("ImportDeclaration")) this.#bindImport(node);
    const functions = [...this.all("FunctionExpression", "ArrowFunctionExpression")];
    for (const fn of this.all("FunctionDeclaration", "ClassDeclaration")) {
      if (fn.id) this.#bind(fn.parent, fn.id, fn);
      if (fn.params) functions.push(fn);
    }
    for (const fn of functions) {
      for (const [index, it] of fn.params.entries()) this.#bindPattern(fn, it, { fn, index });
    }
    for (const { id, init, parent } of this.all("VariableDeclarator")) {
      if (id.type === "Identifier") this.#bind(parent, id, bare(init) ?? id);
      else this.#bindPattern(parent, id);
    }
    for (const call of this.calls) {
      const start = this.start(call);
      const called = this.resolve(start ? start.fn : call.callee);
      const it = { call, args: start ? start.args : call.arguments };
      if (isFunction(called)) this.#calls.set(called, [...this.callsOf(called), it]);
    }
  }

  #bind(at: Node, { name }: Node, definition: Node): void {
    while (!SCOPE.test(at.type) && !isFunction(at)) at = at.parent;
    const names = this.#scopes.get(at) ?? new Map();
    this.#scopes.set(at, names.set(name, definition));
  }

  #bindPattern(at: Node, node: Node, parameter?: { fn: Node; index: number }): void {
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
    const text = source.startsWith(".") ? this.#read(source) : "";
    this.hasServers ||= SERVERS.test(text);
    const variables = Array.from(text.matchAll(EXPORTED), ([, name]) => name);
    for (const it of specifiers) {
      const name = it.imported?.name ?? (it.type === "ImportNamespaceSpecifier" ? "*" : "");
      const isOurs = OURS.test(source) || source.startsWith(".") && NAMES.test(name);
      this.#bind(it, it.local, it);
      if (source.startsWith(".")) this.beside.set(it, text);
      if (variables.includes(name)) this.#library.set(it, "a variable");
      else if (isOurs) this.#library.set(it, name);
    }
  }

  #read(source: string): string {
    const path = resolve(dirname(this.linted.filename), source);
    const file = [path, path.replace(/\.js$/, ".ts"), `${path}.ts`].find((it) => existsSync(it));
    try {
      return file === undefined ? "" : readFileSync(file, "utf8");
    } catch { // a folder, or no permission: then nothing is known of it
      return "";
    }
  }

  lookUp(name: string, at: Node): Node | undefined {
    for (let scope = this.#scopeOf(at); scope; scope = this.#scopeOf(scope.parent)) {
      const found = this.#scopes.get(scope)?.get(name);
      if (found) return found;
    }
    return undefined;
  }

  /** The nearest node around that binds names. */
  readonly #scopeOf: (node: Node) => Node = memo((node) =>
    !node || this.#scopes.has(node) ? node : this.#scopeOf(node.parent)
  );

  /** The names that the functions around a node have bound. */
  localNames(node: Node): string[] {
    const fn = functionAround(node);
    if (!fn.parent) return [];
    const names = [fn, fn.body].flatMap((it) => [...this.#scopes.get(it)?.keys() ?? []]);
    return [...names, ...this.localNames(fn)];
  }

  /** The function of which an expression is a parameter. */
  parameterOf(node: Node): { fn: Node; index: number } | undefined {
    return this.#parameters.get(this.resolve(node));
  }

  /** What an expression stands for, or the expression itself. */
  readonly resolve: (expression: Node) => Node = memo((expression) => {
    const node = bare(expression);
    let found: Node;
    if (node?.type === "Identifier") found = this.lookUp(node.name, node.parent);
    else if (propertyOf(node) !== undefined) {
      found = this.#membersOf(this.#ownerOf(node.object)).get(node.property.name);
    }
    if (!found || found === node) return found ?? (node?.type === "Identifier" ? undefined : node);
    return this.#parameters.has(found) ? found : this.resolve(found) ?? found;
  }, (expression) => expression);

  /** The class or object literal whose property is read. */
  #ownerOf(node: Node): Node {
    const found = this.resolve(node);
    if (found?.type === "ThisExpression") {
      let fn = functionAround(found);
      while (/^Arrow/.test(fn.type) && fn.parent.type !== "PropertyDefinition") {
        fn = functionAround(fn);
      }
      const holder = fn.parent?.parent;
      return holder?.type === "ClassBody" ? holder.parent : holder;
    }
    if (found?.type === "NewExpression") return this.resolve(found.callee);
    const type = found?.typeAnnotation?.typeAnnotation?.typeName?.name;
    return type === undefined ? found : this.lookUp(type, found);
  }

  #membersOf(owner: Node): Map<string, Node> {
    const isClass = /^Class/.test(owner?.type);
    const known = this.#members.get(owner);
    if (known || !isClass && owner?.type !== "ObjectExpression") return known ?? new Map();
    const members = new Map<string, Node>();
    this.#members.set(owner, members);
    for (const it of owner.properties ?? owner.body.body) members.set(it.key?.name, it.value ?? it);
    for (const { parameter } of members.get("constructor")?.params ?? []) {
      const name = parameter?.left ?? parameter;
      if (name) members.set(name.name, name);
    }
    for (const { left, right } of isClass ? this.all("AssignmentExpression") : []) {
      const isOwn = left.object?.type === "ThisExpression" && isInside(left, owner);
      const name = isOwn && propertyOf(left);
      if (name && !members.get(name)?.body && right.type !== "Identifier") members.set(name, right);
    }
    return members;
  }

  /** The library's name for what an expression names: `createTask`, `Context`... */
  library(expression: Node): string | undefined {
    const node = bare(expression);
    if (node?.type === "Identifier") return this.#library.get(this.lookUp(node.name, node.parent));
    const isMember = propertyOf(node) !== undefined && this.library(node.object) === "*";
    return isMember ? node.property.name : undefined;
  }

  /** Whether a fix may write the library's name. */
  imports(name: string): boolean {
    return this.all("ImportDeclaration").some(({ specifiers }) =>
      specifiers.some((it: Node) => it.local.name === name && this.#library.has(it))
    );
  }

  isNew(node: Node, name: string): boolean {
    return node?.type === "NewExpression" && this.library(node.callee) === name;
  }

  /** The variable that an expression names. */
  readonly variable: (node: Node) => Node | undefined = memo((node) => {
    const found = this.resolve(node);
    const type = found?.typeAnnotation?.typeAnnotation?.typeName?.name;
    const isVariable = this.isNew(found, "ContextVar") || type === "ContextVar" ||
      this.#library.get(found) === "a variable" ||
      found?.type === "CallExpression" && this.returned(this.resolve(found.callee))
          .some((it) => this.isNew(it, "ContextVar"));
    if (!isVariable) return undefined;
    if (!this.#names.has(found)) this.#names.set(found, this.text(bare(node)));
    return found;
  });

  /** What a function returns, as it is written. */
  readonly returned: (fn: Node) => Node[] = memo((fn) => {
    if (!isFunction(fn)) return [];
    if (fn.body.type !== "BlockStatement") return [bare(fn.body)];
    return this.all("ReturnStatement").filter((it) => functionAround(it) === fn)
      .map((it) => bare(it.argument));
  });

  names(variables: Iterable<Node>): string {
    return Array.from(new Set(variables), (it) => `\`${this.#names.get(it)}\``).join(" and ");
  }

  /** The variable of which a node calls one of the methods. */
  method(node: Node, ...methods: string[]): Node | undefined {
    if (node?.type !== "CallExpression" || !methods.includes(calledMethod(node))) return undefined;
    return this.variable(bare(node.callee).object);
  }

  /** Whether an expression is a `Context`: a new one, or a copy of the current. */
  contextOf(node: Node): "new" | "copy" | undefined {
    const found = this.resolve(node);
    if (this.isNew(found, "Context")) return "new";
    if (found?.type !== "CallExpression") return undefined;
    if (/^(copy|current)Context$/.test(this.library(found.callee) ?? "")) return "copy";
    return calledMethod(found) === "copy" ? this.contextOf(found.callee.object) : undefined;
  }

  readonly start: (node: Node) => Start | undefined = memo((node) => {
    if (node?.type !== "CallExpression") return undefined;
    const [first, ...rest] = node.arguments;
    const how = calledMethod(node);
    if (this.library(node.callee) === "createTask") {
      return { how: "createTask", fn: first, args: rest };
    }
    if (how !== "run" && how !== "bind") return undefined;
    const { object } = bare(node.callee);
    if (this.contextOf(object)) return { how, fn: first, args: rest, context: object };
    if (how === "bind" || !this.variable(object)) return undefined;
    return { how, fn: rest[0], args: rest.slice(1) };
  });

  /** The functions of this file that an expression may be; what runs as a task is none of them. */
  readonly functionsOf: (node: Node) => Node[] = memo((node) => {
    const found = this.resolve(node);
    if (!found || this.start(found)) return [];
    if (isFunction(found)) return [found];
    const inner = (them: Node[]) => them.flatMap((it) => this.functionsOf(it));
    if (found.type === "ConditionalExpression") return inner([found.consequent, found.alternate]);
    if (found.type === "CallExpression") {
      if (calledMethod(found) === "bind") return inner([found.callee.object]);
      return inner(inner([found.callee]).flatMap((fn) => this.returned(fn)));
    }
    const parameter = this.#parameters.get(found);
    return parameter
      ? inner(this.callsOf(parameter.fn).map(({ args }) => args[parameter.index]))
      : [];
  }, () => []);

  /** The calls of a function that the file shows, those that start it as a task included. */
  callsOf(fn: Node): { call: Node; args: Node[] }[] {
    return this.#calls.get(fn) ?? [];
  }

  /** Whether a call is known to give a promise. */
  readonly givesPromise: (call: Node) => boolean = memo((call) => {
    if (call?.type !== "CallExpression") return false;
    const start = this.start(call);
    const fn = start ? start.fn : call.callee;
    if (start?.how === "bind") return false;
    if (start?.how === "createTask" || /^(then|catch|finally)$/.test(calledMethod(call))) {
      return true;
    }
    const type = this.resolve(fn)?.typeAnnotation?.typeAnnotation;
    return isPromise(type?.returnType) || this.functionsOf(fn).some((it) => this.isAsync(it));
  });

  readonly isAsync: (fn: Node) => boolean = memo((fn) => {
    if (fn.generator) return false;
    const [body] = fn.async || isFunction(bare(fn.body)) ? [] : this.returned(fn);
    const called = body?.type === "CallExpression" && !this.start(body)
      ? this.functionsOf(body.callee)
      : [];
    return fn.async || isPromise(fn.returnType) || called.some((it) => this.isAsync(it));
  }, () => false);
}

function calledMethod(call: Node): string {
  return propertyOf(bare(call.callee)) ?? "";
}

function isPromise(type: Node): boolean {
  return /^Promise/.test(type?.typeAnnotation?.typeName?.name);
}
