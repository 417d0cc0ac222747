/** Questions about the syntax tree alone: ESTree with TypeScript, each node with its `parent`. */

// deno-lint-ignore no-explicit-any
export type Node = any; // the two linters' types of it have no name in common

const FUNCTION = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
const WRAPPER = /^(TS(As|Satisfies|NonNull)Expression|ChainExpression)$/;
const TRANSPARENT = /^(TS(As|Satisfies|NonNull)|Chain|Conditional|Logical|Array)|^SpreadElement$/;

/** Remembers what a function gives for a node; asked again meanwhile, it gives `meanwhile`. */
export function memo<K, V>(make: (key: K) => V, meanwhile?: (key: K) => V): (key: K) => V {
  const known = new WeakMap<object, V>();
  return (key) => {
    if (!key) return make(key);
    if (!known.has(key)) {
      if (meanwhile) known.set(key, meanwhile(key));
      known.set(key, make(key));
    }
    return known.get(key)!;
  };
}

export function isFunction(node: Node): boolean {
  return FUNCTION.test(node?.type);
}

/** Takes off what TypeScript and `?.` put around an expression. */
export function bare(node: Node): Node {
  while (WRAPPER.test(node?.type)) node = node.expression;
  return node ?? undefined;
}

/** The name of the property that is read; a method's, of what calls it. */
export function propertyOf(node: Node): string | undefined {
  return node?.type === "MemberExpression" && !node.computed ? node.property.name : undefined;
}

/** The name of the function or method that is called. */
export function calledName(call: Node): string {
  const callee = bare(call.callee);
  return propertyOf(callee) ?? callee?.name ?? "";
}

/** What a chain of calls and properties begins with: `app` of `app.get("/").use(f)`. */
export function rootOf(node: Node): Node {
  for (let at = bare(node);; at = bare(at.callee ?? at.object)) {
    if (!/^(Call|Member)Expression$/.test(at?.type)) return at;
  }
}

export function isInside(node: Node, outer: Node): boolean {
  return node.range[0] >= outer.range[0] && node.range[1] <= outer.range[1];
}

/** The innermost function around a node, or the program. */
export const functionAround: (node: Node) => Node = memo(({ parent }) =>
  parent.parent && !isFunction(parent) ? functionAround(parent) : parent
);

/** The nearest node around, in the same function, that passes. */
export function around(node: Node, passes: (outer: Node, inner: Node) => unknown): Node {
  for (let at = node; at.parent && !isFunction(at.parent); at = at.parent) {
    if (passes(at.parent, at)) return at.parent;
  }
  return undefined;
}

export function loopAround(node: Node): Node {
  return around(
    node,
    ({ type, right }, inner) =>
      /^(For(In|Of)?|While|DoWhile)Statement$/.test(type) && inner !== right,
  );
}

/** What becomes of a call's promise; the name of what keeps it. */
export type Fate = { kind: "awaited" | "returned" | "dropped" | "kept"; name?: string };

export function fateOf(call: Node): Fate {
  const { parent } = call;
  const name = parent.type === "MemberExpression" && parent.object === call && parent.property.name;
  if (/^(then|catch|finally)$/.test(name)) return fateOf(parent.parent);
  if (TRANSPARENT.test(parent.type)) return fateOf(parent);
  if (parent.type === "AwaitExpression") return { kind: "awaited" };
  if (parent.type === "ExpressionStatement" || parent.operator === "void") {
    return { kind: "dropped" };
  }
  if (parent.type === "ArrowFunctionExpression") {
    return { kind: calledName(parent.parent) === "forEach" ? "dropped" : "returned" };
  }
  if (/^(Return|ForOf)Statement$/.test(parent.type)) return { kind: "returned" };
  if (
    /^(Call|New)Expression$/.test(parent.type) && !/^(push|add|race|any)$/.test(calledName(parent))
  ) {
    const { kind } = fateOf(parent);
    return { kind: kind === "dropped" ? "kept" : kind };
  }
  return { kind: "kept", name: parent.id?.name ?? parent.left?.name };
}
