/** What copies share: that a copy is O(1), and a set in one O(log n), shown without a clock. */

// deno-lint-ignore-file contextvars/return-await -- on purpose

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { ContextVar, copyContext, createTask, currentContext } from "@contextvars/contextvars";
import { currentFrame, type Frame } from "../../internal/frame.ts";
import { PersistentMap } from "../../internal/persistent_map.ts";
import { deferred, inTask, outsideTasks } from "../harness.ts";
import { collectGarbage } from "../collect_garbage.ts";

const variables = Array.from({ length: 10_000 }, (_, i) => new ContextVar<number>(`variable${i}`));

function setAll(): void {
  variables.forEach((variable, value) => variable.set(value));
}

/** Returns the arrays that a frame is made of. */
function arraysOf(frame: Frame): Set<readonly unknown[]> {
  const arrays = new Set<readonly unknown[]>();
  const visit = (node: unknown): void => {
    if (!(node instanceof PersistentMap)) return;
    arrays.add(node.items);
    node.items.forEach(visit);
  };
  visit(frame);
  return arrays;
}

const copies: Record<string, (look: () => unknown) => unknown> = {
  "copyContext()": (look) => copyContext().run(look),
  "Context.copy()": (look) => currentContext().copy().run(look),
  "Context.bind()": (look) => currentContext().bind(look)(),
  "createTask()": (look) => createTask(look),
};

for (const [name, enterCopy] of Object.entries(copies)) {
  inTask(`${name} copies no value: the copy has the very arrays of its original`, async () => {
    setAll();
    const { items } = currentFrame();
    await enterCopy(() => assertStrictEquals(currentFrame().items, items));
  });
}

inTask("ContextVar.set() in a copy of ten thousand values copies one way down to its own", () => {
  setAll();
  const before = arraysOf(currentFrame());
  copyContext().run(() => {
    variables[5_000]!.set(-1);
    const made = arraysOf(currentFrame()).difference(before);
    assert(before.size > 300 && made.size <= 3, `${made.size} arrays of ${before.size}`);
  });
});

for (const where of [inTask, outsideTasks]) {
  where("ContextVar.reset() leaves nothing behind of what it takes away", () => {
    setAll();
    const before = arraysOf(currentFrame()).size;
    const far = Array.from({ length: 2_000 }, (_, i) => new ContextVar<number>(`far${i}`));
    const tokens = far.map((variable) => variable.set(-1));
    far.forEach((variable, i) => variable.reset(tokens[i]!));
    const after = arraysOf(currentFrame());
    assert(after.size < before + 10, `${before} arrays, then ${after.size}`);
    assert(!after.values().some((array) => array.includes(-1)));
  });
}

outsideTasks("ContextVar.set() and reset() outside any task list no values", () => {
  setAll();
  const frame = currentFrame();
  const before = arraysOf(frame);
  const { entries } = PersistentMap.prototype;
  let listed = 0;
  PersistentMap.prototype.entries = function () {
    listed++;
    return entries.call(this) as never;
  };
  try {
    createTask(() => {});
    listed = 0; // what a task copies is listed once
    const variable = variables[5_000]!;
    variable.reset(variable.set(-1));
    createTask(() => {});
    assertEquals([variable.get(), listed], [5_000, 0]);
  } finally {
    PersistentMap.prototype.entries = entries;
  }
  const made = arraysOf(currentFrame()).difference(before);
  assert(made.size <= 3, `${made.size} arrays of ${before.size}`);
});

outsideTasks("ContextVar.reset() outside lets the value go, though code has it", async () => {
  const user = new ContextVar<object>("user");
  const other = new ContextVar<string>("other");
  const { promise: slept, resolve: wake } = deferred();
  const { value, sleeping } = await (async () => {
    await Promise.resolve();
    const secret = {};
    const token = user.set(secret);
    createTask(() => {}); // has copied it, and is over
    const sleeping = (async () => {
      other.set("a frame of its own");
      assertEquals(currentContext().size, 2);
      await slept;
      return user.get("nobody");
    })();
    user.reset(token);
    return { value: new WeakRef(secret), sleeping };
  })();
  await collectGarbage();
  assertEquals(value.deref(), undefined);
  wake();
  assertEquals(await sleeping, "nobody");
});
