/** How a rule is made: it looks at a whole file, and what it asks is found once for all rules. */

import { EffectsOfFile } from "./effects.ts";
import { type LintedFile, SourceFile } from "./source_file.ts";
import type { Node } from "./syntax.ts";

/** What a linter calls at each node, by the node's type. */
// deno-lint-ignore no-explicit-any
export type Visitor = Record<string, (node: any) => void>;

/** A rule, as `deno lint` and ESLint both take it. */
export interface Rule {
  /** What ESLint wants to know of a rule. */
  readonly meta: { readonly type: "problem"; readonly fixable: "code"; readonly schema: never[] };
  /** Makes what the linter calls at each node. */
  // deno-lint-ignore no-explicit-any
  create(context: any): Visitor;
}

// deno-lint-ignore no-explicit-any
type Fix = (fixer: any) => unknown;

/** What a rule is given. */
export interface Subject {
  readonly file: SourceFile;
  readonly effects: EffectsOfFile;
  /**
   * Reports what happens at a node, and what to write there. The variables' names take the place of
   * `%`; where the list is empty, nothing has happened.
   */
  report(
    node: Node,
    variables: Node[] | undefined,
    message: string,
    hint: string,
    fix?: Fix | false,
  ): void;
}

const COLLECTED =
  "ImportDeclaration, VariableDeclarator, FunctionDeclaration, FunctionExpression, " +
  "ArrowFunctionExpression, ClassDeclaration, CallExpression, NewExpression, ReturnStatement, " +
  "AssignmentExpression, ObjectExpression, AwaitExpression, YieldExpression, ForOfStatement, " +
  "ExportDefaultDeclaration, ExportNamedDeclaration";
const USES_IMPORTED = /\.(get|set|run|reset)\(|\b(serve|createServer|listen)\(/;

const known = new WeakMap<Node, Omit<Subject, "report">>();

export function rule(check: (subject: Subject) => void): Rule {
  return {
    meta: { type: "problem", fixable: "code", schema: [] },
    create(context: LintedFile & { report(report: object): void; settings?: object }): Visitor {
      const { ast, text } = context.sourceCode;
      const visitor: Visitor = {};
      const isOurs = /contextvars|\bContextVar\b/.test(text); // most files end here
      if (!isOurs && !(/from\s*["']\./.test(text) && USES_IMPORTED.test(text))) return visitor;
      const subject = known.get(ast) ?? collect(context, visitor);
      const { "Program:exit": bind } = visitor;
      const report: Subject["report"] = (node, variables, text, hint, fix) => {
        if (variables?.length === 0) return;
        const message = text.replace("%", () => subject.file.names(variables ?? []));
        const words = context.settings ? { message: `${message}. ${hint}` } : { message, hint };
        context.report({ node, ...words, ...fix && { fix } }); // ESLint, with settings, has no hints
      };
      visitor["Program:exit"] = (program) => {
        bind?.(program);
        check({ ...subject, report });
      };
      return visitor;
    },
  };
}

/** Lets the first rule that sees a file collect its nodes. */
function collect(context: LintedFile, visitor: Visitor): Omit<Subject, "report"> {
  const file = new SourceFile(context);
  const subject = { file, effects: new EffectsOfFile(file) };
  known.set(context.sourceCode.ast, subject);
  visitor[COLLECTED] = (node) => file.add(node);
  visitor["Program:exit"] = () => file.bindNames();
  return subject;
}
