/** What JSR reads out of the package's source: the tree that `deno doc --json` prints. */

/** The tree, of which only what is looked at here is typed. */
export interface Documentation {
  readonly nodes: Readonly<Record<string, { readonly module_doc?: { readonly doc?: string } }>>;
}

/** A public part of the tree, under the names of what holds it. */
interface Part {
  readonly path: string;
  readonly node: Node;
  /** Whether it is a symbol or a member, which needs a doc of its own. */
  readonly declared: boolean;
}

interface Node {
  readonly name?: string;
  readonly kind?: string;
  readonly value?: unknown;
  readonly jsDoc?: { readonly doc?: string };
  readonly accessibility?: string;
  readonly hasBody?: boolean;
  readonly functionDef?: { readonly hasBody?: boolean };
  readonly def?: { readonly hasBody?: boolean };
}

/** The lists in the tree whose items need a doc. */
const DECLARATIONS = ["declarations", "constructors", "methods", "properties"];

/** Lists the public symbols and members without a doc; an overload counts by itself. */
export function undocumented(documentation: Documentation): string[] {
  return partsOf(documentation.nodes, "")
    .filter(({ node, declared }) => declared && !node.jsDoc?.doc)
    .map(({ path }) => path);
}

/** Lists the public symbols and members that name the type `any`. */
export function withAny(documentation: Documentation): string[] {
  return partsOf(documentation.nodes, "")
    .filter(({ node }) => node.kind === "keyword" && node.value === "any")
    .map(({ path }) => path);
}

function partsOf(value: unknown, path: string, declared = false): Part[] {
  if (Array.isArray(value)) return value.flatMap((item) => partsOf(item, path, declared));
  if (typeof value !== "object" || value === null) return [];
  const node: Node = value;
  const here = node.name === undefined ? path : `${path}.${node.name}`;
  const below = Object.entries(node).flatMap(([key, child]) =>
    DECLARATIONS.includes(key) ? partsOf(child.filter(isPublic), here, true) : partsOf(child, here)
  );
  return [{ path: here, node, declared }, ...below];
}

/** Tells whether callers see a declaration: it is not private, and does not implement overloads. */
function isPublic(node: Node, index: number, siblings: readonly Node[]): boolean {
  if (node.accessibility === "private") return false;
  const before = siblings[index - 1];
  if (before === undefined || before.name !== node.name) return true;
  return hasBody(before) || !hasBody(node);
}

function hasBody({ hasBody, functionDef, def }: Node): boolean {
  return hasBody ?? functionDef?.hasBody ?? def?.hasBody ?? false;
}
