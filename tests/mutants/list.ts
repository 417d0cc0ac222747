/**
 * Small breakages of the core. Each must make some test fail.
 *
 * A mutant is text of a file, and what stands in its place. Kept by file, in the order of the text.
 */

/** One breakage. */
export interface Mutant {
  readonly file: string;
  /** What no longer holds. */
  readonly breaks: string;
  /** Must occur once in the file. */
  readonly from: string;
  readonly to: string;
}

/** A breakage of the file that it is listed under. */
type Change = readonly [breaks: string, from: string, to: string];

const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  "context_var.ts": [
    [
      "a key must be a variable",
      "if (isVariable(key)) return",
      "if (key !== undefined) return",
    ],
    [
      "an object made from a variable's prototype is none",
      "#number in value;",
      "value instanceof ContextVar;",
    ],
    ["a name must be a string", `if (typeof name !== "string") {`, "if (false) {"],
    ["each variable has a number of its own", "made++ >>> 0", "made >>> 0"],
    [
      "undefined is a value",
      "value !== NO_VALUE) return value as T",
      "value != null) return value as T",
    ],
    ["undefined is a fallback", "if (fallback.length > 0)", "if (fallback[0] !== undefined)"],
    [
      "a fallback comes before the default",
      "if (fallback.length > 0) return",
      "if (this.#default === NO_VALUE && fallback.length > 0) return",
    ],
    [
      "a fallback comes before the defaultFactory",
      "if (fallback.length > 0) return",
      "if (this.#factory === undefined && fallback.length > 0) return",
    ],
    ["a token remembers the old value", "this, oldValue);", "this, value);"],
    ["reset undoes the set", "redeem(token, this);", ""],
    ["run refuses what is no function", `checkFunction(fn, "ContextVar.run");`, ""],
    ["run inherits the other variables", "new Frame(caller)", "new Frame()"],
    ["run gives the value", "frame.set(number, this, value);", ""],
    [
      "run makes a task",
      "const caller = currentFrame();\n    const frame = new Frame(caller);\n    frame.set(number, this, value);\n    return enter(frame, call, fn, args, caller);",
      "const token = this.set(value);\n    try {\n      return fn(...args);\n    } finally {\n      this.reset(token);\n    }",
    ],
    ["an own default counts", `Object.hasOwn(options, "default")`, `("default" in options)`],
    [
      "an own default of undefined counts",
      `Object.hasOwn(options, "default")`,
      "options.default !== undefined",
    ],
    [
      "default and defaultFactory exclude each other",
      "if (hasDefault && hasFactory) {",
      "if (false) {",
    ],
    [
      "a defaultFactory is a function",
      `if (hasFactory && typeof factory !== "function") {`,
      "if (false) {",
    ],
    ["what a factory made is stored", "assign(frame, number, variable, value);", ""],
    [
      "what a factory set itself stays",
      "const value = factory();\n  // The factory may have moved on to another frame, outside any task.\n  const frame = currentFrame();",
      "const frame = currentFrame();\n  const value = factory();",
    ],
    [
      "a factory works where nothing can be stored",
      "if (!(error instanceof RuntimeError)) throw error;",
      "throw error;",
    ],
  ],
  "token.ts": [
    ["reset refuses what is no token", "if (!isToken(token)) {", "if (false) {"],
    ["a token is used once", "if (token.#used) throw", "if (false) throw"],
    ["a token belongs to one variable", "if (token.#variable !== variable) {", "if (false) {"],
    [
      "a token belongs to one context",
      "if (token.#frame !== (frame.outside ? undefined : frame)) {",
      "if (false) {",
    ],
    [
      "a token from outside works outside",
      "token.#frame !== (frame.outside ? undefined : frame)",
      "token.#frame !== frame",
    ],
    [
      "a token from outside does not work inside",
      "if (token.#frame !== (frame.outside ? undefined : frame)) {",
      "if (token.#frame !== undefined && token.#frame !== frame) {",
    ],
    [
      "a token from inside does not work outside",
      "if (token.#frame !== (frame.outside ? undefined : frame)) {",
      "if (!frame.outside && token.#frame !== frame) {",
    ],
    [
      "the use of a token is checked first",
      "if (token.#used) throw new RuntimeError(`${token} has already been used once`);\n      if (token.#variable !== variable) {\n        throw new ValueError(`${token} was created by a different ContextVar`);\n      }",
      "if (token.#variable !== variable) {\n        throw new ValueError(`${token} was created by a different ContextVar`);\n      }\n      if (token.#used) throw new RuntimeError(`${token} has already been used once`);",
    ],
    [
      "the variable of a token is checked before its context",
      "if (token.#variable !== variable) {\n        throw new ValueError(`${token} was created by a different ContextVar`);\n      }\n      const frame = currentFrame();\n",
      "const frame = currentFrame();\n      if (token.#frame !== (frame.outside ? undefined : frame)) throw new ValueError(`${token} was created in a different Context`);\n      if (token.#variable !== variable) {\n        throw new ValueError(`${token} was created by a different ContextVar`);\n      }\n",
    ],
    [
      "reset takes a value away where there was none",
      "if (token.#oldValue === ABSENT) unassign(frame, token.#number, variable);\n      else assign",
      "assign",
    ],
    [
      "reset puts the old value back",
      "else assign(frame, token.#number, variable, token.#oldValue);",
      "else unassign(frame, token.#number, variable);",
    ],
    ["a reset uses the token up", "token.#used = true;", ""],
    [
      "a failed reset leaves the token usable",
      "const variable = token.#variable as",
      "token.#used = true;\n      const variable = token.#variable as",
    ],
    ["users cannot make tokens", "if (secret !== SECRET) {", "if (false) {"],
    [
      "a token made outside is of no frame",
      "this.#frame = frame.outside ? undefined : frame;",
      "this.#frame = frame;",
    ],
    [
      "oldValue tells undefined from no value",
      "this.#oldValue === ABSENT ? MISSING",
      "this.#oldValue === ABSENT || this.#oldValue === undefined ? MISSING",
    ],
    ["dispose does nothing after a use", "if (this.#used) return;", ""],
    [
      "dispose acts where the set was made",
      "return undo(this, this.#frame);",
      "return undo(this, currentFrame());",
    ],
    [
      "dispose never throws",
      "if (this.#frame !== undefined) return undo(this, this.#frame);",
      "return redeem(this, this.#variable);",
    ],
    [
      "dispose of a token from outside does nothing inside",
      "if (frame.outside) undo(this, frame);",
      "undo(this, frame);",
    ],
    [
      "dispose of a token from outside acts outside",
      "if (frame.outside) undo(this, frame);",
      "",
    ],
  ],
  "internal/frame.ts": [
    [
      "an entered context is not entered again",
      "if (frame.entered || frame.outside || frame === caller)",
      "if (frame.outside || frame === caller)",
    ],
    [
      "a context from outside is not entered",
      "if (frame.entered || frame.outside || frame === caller)",
      "if (frame.entered || frame === caller)",
    ],
    [
      "the current context is not entered from a continuation",
      "if (frame.entered || frame.outside || frame === caller)",
      "if (frame.entered || frame.outside)",
    ],
    [
      "a continuation's context is not entered through another",
      "caller.entered = true;",
      "",
    ],
    ["a context is marked as entered", "  frame.entered = true;\n", ""],
    ["a context is free again", "    frame.entered = false;\n", ""],
    [
      "a continuation's context is free again",
      "caller.entered = callerWasEntered;",
      "",
    ],
    [
      "the caller's mark outlives an inner run",
      "caller.entered = callerWasEntered;",
      "caller.entered = false;",
    ],
    [
      "a throw restores the context",
      "return storage.run(frame, how, fn, args);",
      "storage.enterWith(frame);\n    const result = how(fn, args);\n    storage.enterWith(caller);\n    return result;",
    ],
    [
      "a function gets undefined as this",
      "return args.length === 0 ? (fn as () => R)() : fn(...args);",
      "return Reflect.apply(fn, null, args);",
    ],
    [
      "arguments are passed",
      "(fn as () => R)() : fn(...args)",
      "(fn as () => R)() : (fn as () => R)()",
    ],
    [
      "the current frame is asked for where it is not known",
      "caller: Frame = currentFrame(),",
      "caller: Frame = rootFrame,",
    ],
    [
      "a set outside changes no context that was taken",
      "if (!frame.outside) return frame.set(",
      "if (true) return frame.set(",
    ],
    [
      "a set outside keeps the other values",
      "const next = new Frame(frame, true);\n  const old",
      "const next = new Frame(undefined, true);\n  const old",
    ],
    [
      "a set outside stays outside any task",
      "const next = new Frame(frame, true);\n  const old",
      "const next = new Frame(frame);\n  const old",
    ],
    [
      "a reset outside changes no context that was taken",
      "if (!frame.outside) return void frame.delete(",
      "if (true) return void frame.delete(",
    ],
    [
      "a reset outside keeps the other values",
      "const next = new Frame(frame, true);\n  next.delete",
      "const next = new Frame(undefined, true);\n  next.delete",
    ],
    ["the error says what caused it", "{ cause },", ""],
    [
      "a missing enterWith is told",
      "throw new RuntimeError(\n      `cannot set",
      "return;\n    throw new RuntimeError(\n      `cannot set",
    ],
  ],
  "context.ts": [
    [
      "an object made from a context's prototype is none",
      `throw wrongThis("Context", method, context);`,
      "return new Frame();",
    ],
    ["a context is one object", "    this.#frame.context = this;\n", ""],
    ["run refuses what is no function", `checkFunction(fn, "Context.run");`, ""],
    ["bind refuses what is no function", `checkFunction(fn, "Context.bind");`, ""],
    [
      "bind copies the context at each call",
      `const frame = frameOf(this, "bind");`,
      `const frame = new Frame(frameOf(this, "bind"));`,
    ],
    [
      "a bound call has a copy of its own",
      "enter(new Frame(frame), ",
      "enter(frame, ",
    ],
    ["a bound call passes this", "Reflect.apply(fn, this, args)", "fn(...args)"],
    ["a bound function keeps its name", "name: { value: fn.name }, ", ""],
    ["a bound function keeps its length", "length: { value: fn.length } ", ""],
    [
      "copy makes a copy",
      `contextOf(new Frame(frameOf(this, "copy")))`,
      `contextOf(frameOf(this, "copy"))`,
    ],
    ["get gives the fallback", "variable, fallback) as T", "variable, undefined) as T"],
    [
      "has tells undefined from no value",
      "variable, ABSENT) !== ABSENT",
      "variable, undefined) !== undefined",
    ],
    ["keys are the variables", "([variable]) => variable", "([, value]) => value as never"],
    ["values are the values", "([, value]) => value", "([variable]) => variable"],
    ["forEach refuses what is no function", `checkFunction(callback, "Context.forEach");`, ""],
    [
      "forEach passes thisArg",
      "Reflect.apply(callback, thisArg,",
      "Reflect.apply(callback, undefined,",
    ],
    [
      "forEach passes value, variable and context",
      "[value, variable, this]",
      "[variable, value, this]",
    ],
    ["a handle is made once", "return frame.context ?? new", "return new"],
    [
      "copyContext makes a copy",
      "return contextOf(new Frame(currentFrame()));",
      "return contextOf(currentFrame());",
    ],
    [
      "copyContext copies no value",
      "return contextOf(new Frame(currentFrame()));",
      "const copy = new Frame();\n  for (const [variable, value] of currentFrame().entries()) {\n    copy.set(keyOf(variable), variable, value);\n  }\n  return contextOf(copy);",
    ],
    [
      "currentContext makes no copy",
      "return contextOf(currentFrame());",
      "return contextOf(new Frame(currentFrame()));",
    ],
  ],
  "task.ts": [
    ["createTask refuses what is no function", `checkFunction(fn, "createTask");`, ""],
    ["a task inherits", "new Frame(caller)", "new Frame()"],
    ["a task's throw rejects", "return Promise.reject(error);", "throw error;"],
    [
      "a lazy thenable starts inside the task",
      "return enter(new Frame(caller), settle, fn, args, caller);",
      "return new Promise((resolve) => resolve(enter(new Frame(caller), call, fn, args) as Awaited<R>));",
    ],
    [
      "createTask returns a promise",
      "return Promise.resolve(call(fn, args)) as",
      "return call(fn, args) as",
    ],
  ],
  "internal/persistent_map.ts": [
    ["a copy shares until it is written", "original.shared = true;", ""],
    [
      "a copy does not own what it shares",
      "    this.shared = true;\n",
      "    this.shared = original === undefined;\n",
    ],
    [
      "a key is known by its identity",
      "return node.keys[place] === key ?",
      "return node.keys[place] !== undefined ?",
    ],
    ["set knows a key by its identity", "if (found === key) {", "if (found !== undefined) {"],
    [
      "keys are never written",
      "leaf.keys = withItem(leaf.keys, place, key);",
      "(leaf.keys as K[])[place] = key;",
    ],
    [
      "a leaf has one prefix",
      "if (node.prefix !== (number >>> node.shift) >>> BITS) makeRoom(node, number);",
      "",
    ],
    [
      "a branch marks what it shares",
      "below.shared = true;\n  }\n  node.shared = false;",
      "below.shared = below.shared;\n  }\n  node.shared = false;",
    ],
    ["a shared node is copied before it is written", "node.items = node.items.slice();", ""],
    [
      "a delete leaves old versions alone",
      "  if (node.shared) unshare(node);\n  if (node.shift === 0) {\n    node.keys",
      "  if (node.shift === 0) {\n    node.keys",
    ],
    ["a deleted key is gone", "node.keys = withItem(node.keys, number & MASK, undefined);", ""],
    ["a deleted value is given up", "node.items[number & MASK] = undefined;", ""],
    [
      "an emptied node is given up",
      "if (isEmpty(below)) node.items[(number >>> node.shift) & MASK] = EMPTY;",
      "",
    ],
    [
      "a shared child is copied",
      "return below.shared ? branch.items[place] = new PersistentMap(below) : below;",
      "return below;",
    ],
    ["a split keeps what was there", "node.items[prefix & MASK] = below;", ""],
    [
      "a split goes as high as it must",
      "while (prefix >>> BITS !== other >>> BITS) {",
      "while (false) {",
    ],
    ["numbers reach up to 2 ** 32", "shift += BITS;", "shift = Math.min(shift + BITS, 20);"],
    ["deleted keys are not listed", "if (key !== undefined) entries.push", "entries.push"],
  ],
  "internal/inspect.ts": [
    ["a long name is cut", "text.length > LONGEST ?", "false ?"],
    [
      "a hostile object does not break a message",
      `return nameOf(value.constructor);\n  } catch { // a getter or a proxy that throws\n    return "";\n  }`,
      `return nameOf(value.constructor);\n  } finally {\n    // nothing\n  }`,
    ],
    [
      "printing ends at the depth that was asked for",
      "if (depth !== null && depth < 0) return `[${label}]`;",
      "",
    ],
    ["a cycle is cut where it prints", `if (showing.has(object)) return "[Circular]";`, ""],
    ["what has printed prints again", "showing.delete(object);", ""],
  ],
  "internal/check.ts": [
    ["what is no function is refused", `if (typeof fn === "function") return;`, "if (fn) return;"],
  ],
  "errors.ts": [
    ["an error has its class's name", `nameOf("LookupError")`, `nameOf("Error")`],
    ["an error's name is not enumerable", "enumerable: false", "enumerable: true"],
  ],
};

/** All breakages. */
export const MUTANTS: readonly Mutant[] = Object.entries(CHANGES).flatMap(([file, changes]) =>
  changes.map(([breaks, from, to]) => ({ file, breaks, from, to }))
);
