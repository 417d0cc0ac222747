/**
 * Rules that tell of mistakes with context variables while one types.
 *
 * For `deno lint`, and for the editor by `deno lsp`, in `deno.json`:
 *
 * ```json
 * { "lint": { "plugins": ["jsr:@contextvars/contextvars/lint"] } }
 * ```
 *
 * For ESLint 9 and 10, in `eslint.config.js`:
 *
 * ```js ignore
 * import contextvars from "@contextvars/contextvars/lint";
 *
 * export default [contextvars.configs.recommended];
 * ```
 *
 * docs/mistakes.md has a wrong and a right program for each rule.
 *
 * @module
 */

import type { Rule } from "./rule.ts";
import { concurrentSet } from "./rules/concurrent_set.ts";
import { copiedHandler } from "./rules/copied_handler.ts";
import { floatingTask } from "./rules/floating_task.ts";
import { keptValue } from "./rules/kept_value.ts";
import { lostValue } from "./rules/lost_value.ts";
import { mutableDefault } from "./rules/mutable_default.ts";
import { outsideTask } from "./rules/outside_task.ts";
import { returnAwait } from "./rules/return_await.ts";
import { unboundGenerator } from "./rules/unbound_generator.ts";
import { unboundListener } from "./rules/unbound_listener.ts";
import { variableInFunction } from "./rules/variable_in_function.ts";

export type { Rule, Visitor } from "./rule.ts";

/** A plugin, as `deno lint` and ESLint both take it. */
export interface Plugin {
  /** What stands before the name of each rule: `contextvars`. */
  readonly name: string;
  /** The rules by their names. */
  readonly rules: Record<string, Rule>;
  /** For ESLint. */
  readonly configs: { readonly recommended: Config };
}

/** All rules, as errors: a whole configuration for ESLint. */
export interface Config {
  /** This plugin. */
  plugins: Record<string, Plugin>;
  /** The rules, each switched on. */
  rules: Record<string, "error">;
}

const rules: Record<string, Rule> = {
  "concurrent-set": concurrentSet,
  "outside-task": outsideTask,
  "copied-handler": copiedHandler,
  "unbound-listener": unboundListener,
  "unbound-generator": unboundGenerator,
  "return-await": returnAwait,
  "lost-value": lostValue,
  "kept-value": keptValue,
  "floating-task": floatingTask,
  "mutable-default": mutableDefault,
  "variable-in-function": variableInFunction,
};

const errors = Object.keys(rules).map((name) => [`contextvars/${name}`, "error" as const]);
const recommended: Config = { plugins: {}, rules: Object.fromEntries(errors) };

/** The plugin. */
const plugin: Plugin = { name: "contextvars", rules, configs: { recommended } };
recommended.plugins = { contextvars: plugin };
export default plugin;
