/** The layout that docs/design.md explains, and the public names. */

// deno-lint-ignore-file contextvars/outside-task -- on purpose

import { assert, assertEquals } from "@std/assert";
import * as contextvars from "@contextvars/contextvars";

/** What files may import of other modules. */
const OTHERS: Record<string, string[]> = {
  "debug.ts": ["node:async_hooks", "node:util"],
  "internal/storage.ts": ["node:async_hooks"],
  "servers.ts": ["node:async_hooks", "node:http", "node:http2", "node:https"],
};

const root = new URL("../../", import.meta.url);

const files = ["", "internal/"].flatMap((folder) =>
  Array.from(Deno.readDirSync(new URL(folder, root)), ({ name }) => folder + name)
).filter((file) => file.endsWith(".ts"));

/** What a file imports, types too: paths from the root, or a specifier of something else. */
function importsOf(file: string): string[] {
  const text = Deno.readTextFileSync(new URL(file, root)).replaceAll(/\/\*.*?\*\//gs, "");
  const statements = text.matchAll(/^(?:import|export) (?:[^;"]*? ?from )?"([^"]+)";$/gm);
  return Array.from(
    statements,
    ([, specifier]) =>
      specifier!.startsWith(".")
        ? new URL(specifier!, new URL(file, root)).href.slice(root.href.length)
        : specifier!,
  );
}

/** Follows the imports of a file down, and fails where one is above already. */
function checkBelow(file: string, above: string[]): void {
  assert(!above.includes(file), `imports form a circle: ${[...above, file].join(", ")}`);
  for (const below of importsOf(file).filter((it) => files.includes(it))) {
    // The one exception, a type: that of `Token.var`.
    if (file !== "token.ts" || below !== "context_var.ts") checkBelow(below, [...above, file]);
  }
}

Deno.test("Imports point one way: no file stands on itself", () => {
  files.forEach((file) => checkBelow(file, []));
  assert(importsOf("internal/frame.ts").includes("internal/persistent_map.ts"), "they are read");
});

Deno.test("Of other modules the core imports node:async_hooks alone, in one file", () => {
  for (const file of files) {
    const others = importsOf(file).filter((it) => !it.endsWith(".ts"));
    assertEquals(others, OTHERS[file] ?? [], file);
  }
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

Deno.test("ContextVar, Token and Context have no keys of their own to see or to write", () => {
  const variable = new contextvars.ContextVar("variable");
  const objects = [variable, variable.set(1), new contextvars.Context()];
  assertEquals(objects.map((object) => Reflect.ownKeys(object)), [[], [], []]);
});
