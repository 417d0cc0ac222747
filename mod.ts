export { Context, copyContext, currentContext } from "./context.ts";
export { ContextVar, type ContextVarOptions } from "./context_var.ts";
export { LookupError, RuntimeError, ValueError } from "./errors.ts";
export { createTask } from "./task.ts";
export { Token } from "./token.ts";
