/**
 * What the names of a file stand for. A name stands for the node that defines it: a function, a
 * class, what a variable is first given, the specifier of an import, a parameter's name.
 */

import { bare, isFunction, isInside, memo, type Node, ownerOf, propertyOf } from "./syntax.ts";

type Parameter = { readonly fn: Node; readonly index: number };

const SCOPE = /^(Program|BlockStatement|StaticBlock|SwitchStatement|For.*Statement)$/;

export class Names {
  readonly calls: Node[] = []; // and `new`
  readonly waits: Node[] = [];
  readonly functions: Node[] = [];
  readonly #others = new Map<string, Node[]>();
  readonly #scopes = new Map<Node, Map<string, Node>>();
  readonly #parameters = new Map<Node, Parameter>();

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
    for (const { specifiers } of this.all("ImportDeclaration")) {
      for (const it of specifiers) this.#bind(it, it.local, it);
    }
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
      : propertyOf(it) && this.membersOf(it.object).get(it.property.name);
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

  /** What an object has, by its name: a literal, an instance of a class, or a class itself. */
  membersOf(object: Node): Map<string, Node> {
    return this.#membersOf(this.#ownerOf(object));
  }

  readonly #membersOf = memo<Map<string, Node>>((owner) => {
    const members = new Map<string, Node>();
    for (const it of owner?.properties ?? owner?.body?.body ?? []) {
      const read = it.kind === "get" && it.value.body?.body[0]?.argument;
      members.set(it.key?.name, read || (it.value ?? it));
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
}

/** The name of the type that a name is declared with. */
export function typeOf(node: Node): string {
  return node?.typeAnnotation?.typeAnnotation?.typeName?.name ?? "";
}
