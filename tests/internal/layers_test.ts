/** The layout that docs/design.md explains: imports point down, and the public names are those of the contract. */

import { assert, assertEquals } from "@std/assert";
import * as contextvars from "@contextvars/contextvars";

/** Each file of the core; a file imports from lines above its own. */
const LAYERS = [
  ["internal/inspect.ts", "internal/persistent_map.ts", "internal/shared.ts"],
  ["errors.ts", "internal/assignments.ts", "internal/check.ts"],
  ["internal/storage.ts"],
  ["internal/frame.ts"],
  ["internal/bound_generator.ts", "internal/outside.ts"],
  ["token.ts"],
  ["context_var.ts"],
  ["context.ts", "task.ts"],
  ["internal/core.ts"],
  ["mod.ts", "strict.ts"],
  ["servers.ts"],
];

/** What files may import besides. Of token.ts, the type of `Token.var`. */
const EXCEPTIONS: Record<string, string[]> = {
  "internal/storage.ts": ["node:async_hooks"],
  "servers.ts": ["node:http", "node:http2", "node:https"],
  "token.ts": ["context_var.ts"],
};

const root = new URL("../../", import.meta.url);

/** What a file imports, types too: paths from the root, or a specifier of something else. */
function importsOf(file: string): string[] {
  const text = Deno.readTextFileSync(new URL(file, root));
  const statements = text.matchAll(/^(?:import|export) (?:[^;"]*? ?from )?"([^"]+)";$/gm);
  return Array.from(
    statements,
    ([, specifier]) =>
      specifier!.startsWith(".")
        ? new URL(specifier!, new URL(file, root)).href.slice(root.href.length)
        : specifier!,
  );
}

Deno.test("The core consists of the files in the layers, and debug mode stands on it", () => {
  const files = ["", "internal/"].flatMap((folder) =>
    Array.from(Deno.readDirSync(new URL(folder, root)), ({ name }) => folder + name)
  ).filter((file) => file.endsWith(".ts"));
  assertEquals(files.sort(), [...LAYERS.flat(), "debug.ts"].sort());
});

Deno.test("The core imports downwards only, and other modules in two files alone", () => {
  LAYERS.forEach((layer, level) => {
    const below = LAYERS.slice(0, level).flat();
    for (const file of layer) {
      const allowed = [...below, ...EXCEPTIONS[file] ?? []];
      const wrong = importsOf(file).filter((specifier) => !allowed.includes(specifier));
      assertEquals(wrong, [], `${file} must not import ${wrong}`);
    }
  });
});

Deno.test("The layers are read from the files: the frame imports its map", () => {
  assert(importsOf("internal/frame.ts").includes("internal/persistent_map.ts"));
});

Deno.test("The public names are those of the contract", () => {
  assertEquals(Object.keys(contextvars).sort(), [
    "Context",
    "ContextVar",
    "LookupError",
    "RuntimeError",
    "Token",
    "ValueError",
    "copyContext",
    "createTask",
    "currentContext",
  ]);
});

Deno.test("The public classes have the members of the contract, and no other", () => {
  const names = (value: object) => Reflect.ownKeys(value).map(String).sort();
  const hook = "Symbol(nodejs.util.inspect.custom)";
  assertEquals(
    names(contextvars.ContextVar.prototype),
    [hook, "constructor", "get", "name", "reset", "run", "set", "toString"],
  );
  assertEquals(
    names(contextvars.Token.prototype),
    [hook, "Symbol(Symbol.dispose)", "constructor", "oldValue", "toString", "var"].sort(),
  );
  assertEquals(
    names(contextvars.Context.prototype),
    [
      ...["Symbol(Symbol.iterator)", hook, "bind", "constructor", "copy", "entries", "equals"],
      ...["forEach", "get", "has", "keys", "run", "size", "toString", "values"],
    ].sort(),
  );
  assertEquals(names(contextvars.Token), ["MISSING", "length", "name", "prototype"]);
});

Deno.test("ContextVar, Token and Context have no keys of their own to see or to write", () => {
  const variable = new contextvars.ContextVar("variable");
  const objects = [variable, variable.set(1), new contextvars.Context()];
  assertEquals(objects.map((object) => Reflect.ownKeys(object)), [[], [], []]);
});
