/** Questions about the syntax tree alone: ESTree with TypeScript, each node with its `parent`. */

// deno-lint-ignore no-explicit-any
export type Node = any; // the two linters' types of it have no name in common

const WRAPPER = /^(TS(As|Satisfies|NonNull)Expression|ChainExpression)$/;
const TRANSPARENT = /^(TS(As|Satisfies|NonNull)|Chain|Conditional|Logical|Array)|^SpreadElement$/;

/** Remembers what a function gives for a node; asked again meanwhile, it gives `meanwhile`. */
export function memo<V>(make: (node: Node) => V, meanwhile?: (node: Node) => V): (node: Node) => V {
  const known = new WeakMap<object, V>();
  return (node) => {
    if (!node) return make(node);
    if (meanwhile && !known.has(node)) known.set(node, meanwhile(node));
    else if (known.has(node)) return known.get(node)!;
    const made = make(node);
    known.set(node, made);
    return made;
  };
}

export function isFunction(node: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node?.type);
}

/** Takes off what TypeScript and `?.` put around an expression. */
export function bare(node: Node): Node {
  while (WRAPPER.test(node?.type)) node = node.expression;
  return node ?? undefined;
}

/** The name of the property that an expression reads. */
export function propertyOf(node: Node): string | undefined {
  return node?.type === "MemberExpression" && !node.computed ? node.property.name : undefined;
}

/** The name of the function or method that is called. */
export function nameOf(call: Node): string {
  const callee = bare(call?.callee);
  return propertyOf(callee) ?? callee?.name ?? "";
}

/** The object whose method is called. */
export function objectOf(call: Node): Node {
  return bare(bare(call?.callee)?.object);
}

/** What a chain of calls and properties begins with: `app` of `app.get("/").use(f)`. */
export function rootOf(node: Node): Node {
  const it = bare(node);
  return /^(Call|Member)Expression$/.test(it?.type) ? rootOf(it.callee ?? it.object) : it;
}

/** Whether one node ends before another begins. */
export function precedes(node: Node, other: Node): boolean {
  return node.range[1] <= other.range[0];
}

export function isInside(node: Node, outer: Node): boolean {
  return node.range[0] >= outer.range[0] && node.range[1] <= outer.range[1];
}

/** The innermost function around a node, or the program. */
export const ownerOf: (node: Node) => Node = memo(({ parent }) =>
  parent.parent && !isFunction(parent) ? ownerOf(parent) : parent
);

/** The name that a function has, or that keeps it. */
export function nameOfFunction(fn: Node): string {
  return (fn.id ?? fn.parent?.id ?? fn.parent?.key)?.name ?? "";
}

/** The nearest node around, in the same function, that passes. */
export function around(node: Node, passes: (outer: Node, inner: Node) => unknown): Node {
  for (let at = node; at.parent && !isFunction(at.parent); at = at.parent) {
    if (passes(at.parent, at)) return at.parent;
  }
  return undefined;
}

export function loopAround(node: Node): Node {
  const loop = /^(For(In|Of)?|While|DoWhile)Statement$/;
  return around(node, ({ type, right }, inner) => loop.test(type) && inner !== right);
}

/** What becomes of a call's promise; the name of what keeps it. */
export type Fate = { kind: "awaited" | "returned" | "dropped" | "kept"; name?: string };

export function fateOf(call: Node): Fate {
  const { parent } = call;
  const chained = parent.object === call && /^(then|catch|finally)$/.test(propertyOf(parent)!);
  if (chained) return fateOf(parent.parent);
  if (TRANSPARENT.test(parent.type)) return fateOf(parent);
  if (parent.type === "AwaitExpression") return { kind: "awaited" };
  if (/^(Return|ForOf)Statement$/.test(parent.type)) return { kind: "returned" };
  if (parent.type === "ExpressionStatement" || parent.operator === "void") {
    return { kind: "dropped" };
  }
  if (isFunction(parent)) {
    return { kind: nameOf(parent.parent) === "forEach" ? "dropped" : "returned" };
  }
  const isGiven = parent.callee && parent.callee !== call &&
    !/^(push|add|race|any)$/.test(nameOf(parent));
  const { kind } = isGiven ? fateOf(parent) : { kind: "kept" as const };
  return { kind: kind === "dropped" ? "kept" : kind, name: parent.id?.name ?? parent.left?.name };
}

/** Whether a node awaits what has a name, to its end. */
export function awaits(
  node: Node,
  name: string | undefined,
  text: (node: Node) => string,
): boolean {
  return node.type === "AwaitExpression" && name !== undefined &&
    new RegExp(`\\b${name}\\b`).test(text(node)) && !/\.race\(/.test(text(node));
}
