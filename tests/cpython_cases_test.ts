/**
 * What CPython's own tests check (3.14: test_context, and the contexts of asyncio's test_tasks and
 * test_taskgroups), each under its case's name there. Threads and pools are tasks here.
 *
 * What does not apply to JavaScript:
 * - test_context_subclassing_1: nothing stops a class from extending another; a subclass of Token
 *   cannot be made (bad_input_test.ts), one of ContextVar or Context is harmless.
 * - test_context_new_1: a function ignores arguments that it does not take (bad_input_test.ts).
 * - test_context_eq_reentrant_contextvar_set and ..._set_in_hash: a context equals only itself, so
 *   that to compare two calls no code of the user's.
 * - test_token_repr_1: addresses of objects; printing is inspect_test.ts.
 * - test_hamt_*, HashKey: hashes and equality of keys are the user's in Python; here a key is known
 *   by its identity, and the map is tested in persistent_map_test.ts.
 * - test_context_5 and 6 of test_tasks: 4 again, by other ways to make a task.
 */

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { inspect } from "node:util";
import {
  Context,
  ContextVar,
  copyContext,
  createTask,
  currentContext,
  LookupError,
  RuntimeError,
  Token,
  ValueError,
} from "@contextvars/contextvars";
import { deferred, inTask } from "./harness.ts";

inTask("test_context_var_new_1", () => {
  assertThrows(() => new (ContextVar as never as { new (): unknown })(), TypeError);
  assertThrows(() => new ContextVar(1 as never), TypeError);
  const c = new ContextVar("aaa");
  assertEquals(c.name, "aaa");
  assertThrows(() => Object.assign(c, { name: "bbb" }), TypeError);
});

inTask("test_context_var_repr_1", () => {
  assert(inspect(new ContextVar("a")).includes("a"));
  assert(inspect(new ContextVar("a", { default: 123 })).includes("123"));
  const list: unknown[] = [];
  const c = new ContextVar<unknown>("a", { default: list });
  list.push(c);
  assert(inspect(c).includes("[Circular]"), "a cycle ends");
  const bare = new ContextVar<number>("b");
  const t = bare.set(1);
  assert(inspect(t).includes(inspect(bare)));
  assert(inspect(t).includes("used: false"));
  bare.reset(t);
  assert(inspect(t, { breakLength: 120 }).includes("used: true"));
});

// There a subclass of str without a hash; here an object that is a string to the eye only.
inTask("test_context_new_unhashable_str_subclass", () => {
  class WeirdString extends String {}
  assertThrows(
    () => new ContextVar(new WeirdString("a") as never),
    TypeError,
    "must be a string",
  );
});

inTask("test_context_typerrors_1", () => {
  const context = new Context();
  assertThrows(() => context.get(1 as never), TypeError);
  assertThrows(() => context.has(1 as never), TypeError);
});

inTask("test_context_get_context_1", () => {
  assert(copyContext() instanceof Context);
});

inTask("test_context_run_1", () => {
  assertThrows(() => new Context().run(undefined as never), TypeError);
});

inTask("test_context_run_2", () => {
  const context = new Context();
  const fn = (...args: unknown[]) => [...args, "bar"];
  assertEquals(context.run(fn), ["bar"]);
  assertEquals(context.run(fn, 1), [1, "bar"]);
  assertEquals(context.run(fn, 11, { a: 2 }), [11, { a: 2 }, "bar"]);
});

inTask("test_context_run_3", () => {
  const context = new Context();
  const fail = (..._args: unknown[]) => {
    throw new RangeError("division by zero");
  };
  assertThrows(() => context.run(fail), RangeError, "division by zero");
  assertThrows(() => context.run(fail, 1, 2), RangeError, "division by zero");
});

inTask("test_context_run_4", () => {
  const context1 = new Context();
  const context2 = new Context();
  const variable = new ContextVar<string>("var");
  const copy = context1.run(() => {
    assertStrictEquals(variable.get(null), null);
    variable.set("spam");
    context2.run(() => assertStrictEquals(variable.get(null), null));
    assertEquals(variable.get(null), "spam");
    const copy = copyContext();
    assertEquals(copy.size, 1);
    assertEquals(copy.get(variable), "spam");
    return copy;
  });
  assertEquals([...copy], [...context1]);
  assert(copy.has(variable));
});

inTask("test_context_run_5", () => {
  const variable = new ContextVar<string>("var");
  const fail = () => {
    assertStrictEquals(variable.get(null), null);
    variable.set("spam");
    throw new RangeError("division by zero");
  };
  assertThrows(() => new Context().run(fail), RangeError, "division by zero");
  assertStrictEquals(variable.get(null), null);
});

inTask("test_context_run_6", () => {
  const context = new Context();
  const c = new ContextVar<number>("a", { default: 0 });
  context.run(() => {
    assertEquals(c.get(), 0);
    assertStrictEquals(context.get(c), undefined);
    c.set(42);
    assertEquals(c.get(), 42);
    assertEquals(context.get(c), 42);
  });
});

inTask("test_context_run_7", () => {
  const context = new Context();
  const fn = (): void => void assertThrows(() => context.run(fn), RuntimeError);
  context.run(fn);
});

inTask("test_context_getset_1", () => {
  const c = new ContextVar<number | string>("c");
  assertThrows(() => c.get(), LookupError);
  assertStrictEquals(c.get(null), null);

  const t0 = c.set(42);
  assertEquals([c.get(), c.get(null)], [42, 42]);
  assertStrictEquals(t0.oldValue, Token.MISSING);
  assertStrictEquals(t0.var, c);

  const t = c.set("spam");
  assertEquals([c.get(), c.get(null)], ["spam", "spam"]);
  assertEquals(t.oldValue, 42);
  c.reset(t);
  assertEquals([c.get(), c.get(null)], [42, 42]);

  c.set("spam2");
  assertThrows(() => c.reset(t), RuntimeError);
  assertEquals(c.get(), "spam2");

  const context1 = copyContext();
  assert(context1.has(c));
  c.reset(t0);
  assertThrows(() => c.reset(t0), RuntimeError);
  assertStrictEquals(c.get(null), null);

  assert(context1.has(c));
  assertEquals([context1.get(c), context1.get(c, "aa")], ["spam2", "spam2"]);
  assertEquals(context1.size, 1);
  assertEquals([...context1.entries()], [[c, "spam2"]]);
  assertEquals([...context1.values()], ["spam2"]);
  assertEquals([...context1.keys()], [c]);
  assertEquals([...context1], [[c, "spam2"]]);

  const context2 = copyContext();
  assertEquals(context2.has(c), false);
  assertStrictEquals(context2.get(c), undefined);
  assertEquals(context2.get(c, "aa"), "aa");
  assertEquals(context2.size, 0);
  assertEquals([...context2], []);
});

inTask("test_context_getset_2", () => {
  const v1 = new ContextVar<number>("v1");
  const v2 = new ContextVar<number>("v2");
  const t1 = v1.set(42);
  assertThrows(() => v2.reset(t1), ValueError);
});

inTask("test_context_getset_3", () => {
  const c = new ContextVar<number>("c", { default: 42 });
  const context = new Context();
  context.run(() => {
    assertEquals(c.get(), 42);
    assertStrictEquals(context.get(c), undefined);
    assertEquals(context.get(c, "spam"), "spam");
    assertEquals(context.has(c), false);
    assertEquals([...context.keys()], []);

    const t = c.set(1);
    assertEquals([...context.keys()], [c]);
    assertEquals(context.get(c), 1);

    c.reset(t);
    assertEquals([...context.keys()], []);
    assertStrictEquals(context.get(c), undefined);
  });
});

inTask("test_context_getset_4", () => {
  const c = new ContextVar<number>("c", { default: 42 });
  const token = new Context().run(() => c.set(1));
  assertThrows(() => c.reset(token), ValueError);
});

inTask("test_context_getset_5", () => {
  const c = new ContextVar<number[]>("c");
  c.set([]);
  copyContext().run(() => {
    c.set([]);
    c.get().push(42);
    assertEquals(c.get(), [42]);
  });
  assertEquals(c.get(), []);
});

inTask("test_context_copy_1", () => {
  const context1 = new Context();
  const c = new ContextVar<number>("c", { default: 42 });
  context1.run(() => {
    c.set(10);
    const context2 = context1.copy();
    assertEquals(context2.get(c), 10);
    c.set(20);
    assertEquals([context1.get(c), context2.get(c)], [20, 10]);
    context2.run(() => {
      assertEquals(c.get(), 10);
      c.set(30);
      assertEquals(c.get(), 30);
    });
    assertEquals([context1.get(c), context2.get(c)], [20, 30]);
  });
});

// No class makes a mapping here: what reads in a Map does, under the same names.
inTask("test_context_isinstance", () => {
  const context = new Context();
  const methods = [
    "get",
    "has",
    "keys",
    "values",
    "entries",
    "forEach",
    Symbol.iterator,
  ] as const;
  assertEquals(methods.filter((name) => typeof context[name] !== "function"), []);
  assertEquals(context.size, 0);
});

inTask("test_context_threads_1", async () => {
  const variable = new ContextVar<number>("cvar");
  const sub = async (number: number): Promise<number> => {
    for (let i = 0; i < 10; i++) {
      variable.set(number + i);
      await Promise.resolve();
      assertEquals(variable.get(), number + i);
    }
    return number;
  };
  const numbers = Array.from({ length: 10 }, (_, number) => number);
  const results = await Promise.all(numbers.map((number) => new Context().run(sub, number)));
  assertEquals(results, numbers);
});

// As threads do under the flag thread_inherit_context, a task always starts in a copy of its
// creator's context, unless it is run in another.
inTask("test_context_thread_inherit", async () => {
  const c = new ContextVar<number>("cvar");
  c.set(1);
  const read = async () => {
    await Promise.resolve();
    return c.get(null);
  };
  assertEquals(await createTask(read), 1);
  const custom = new Context();
  custom.run(() => c.set(2));
  assertEquals(await custom.run(read), 2);
  assertStrictEquals(await new Context().run(read), null);
});

inTask("test_token_contextmanager_with_default", () => {
  const c = new ContextVar<number>("c", { default: 42 });
  new Context().run(() => {
    {
      using _token = c.set(36);
      assertEquals(c.get(), 36);
    }
    assertEquals(c.get(), 42);
  });
});

inTask("test_token_contextmanager_without_default", () => {
  const c = new ContextVar<number>("c");
  new Context().run(() => {
    {
      using _token = c.set(36);
      assertEquals(c.get(), 36);
    }
    assertThrows(() => c.get(), LookupError);
  });
});

inTask("test_token_contextmanager_on_exception", () => {
  const c = new ContextVar<number>("c", { default: 42 });
  const fail = () => {
    using _token = c.set(36);
    assertEquals(c.get(), 36);
    throw new ValueError("custom exception");
  };
  new Context().run(() => {
    assertThrows(fail, ValueError);
    assertEquals(c.get(), 42);
  });
});

// Python raises RuntimeError, "has already been used once", where the outer block ends: a dispose
// never throws.
inTask("test_token_contextmanager_reentrant", () => {
  const c = new ContextVar<number>("c", { default: 42 });
  new Context().run(() => {
    const token = c.set(36);
    {
      using _outer = token;
      {
        using _inner = token;
        assertEquals(c.get(), 36);
      }
      assertEquals(c.get(), 42);
    }
    assertEquals(c.get(), 42);
  });
});

inTask("test_token_contextmanager_multiple_c_set", () => {
  const c = new ContextVar<number>("c", { default: 42 });
  new Context().run(() => {
    {
      using _token = c.set(36);
      assertEquals(c.get(), 36);
      c.set(24);
      assertEquals(c.get(), 24);
      c.set(12);
      assertEquals(c.get(), 12);
    }
    assertEquals(c.get(), 42);
  });
});

// Here Python raises RuntimeError, "has already been used once": a dispose never throws.
inTask("test_token_contextmanager_with_explicit_reset_the_same_token", () => {
  const c = new ContextVar<number>("c", { default: 42 });
  new Context().run(() => {
    {
      using token = c.set(36);
      assertEquals(c.get(), 36);
      c.reset(token);
      assertEquals(c.get(), 42);
    }
    assertEquals(c.get(), 42);
  });
});

inTask("test_token_contextmanager_with_explicit_reset_another_token", () => {
  const c = new ContextVar<number>("c", { default: 42 });
  new Context().run(() => {
    {
      using _token = c.set(36);
      const token = c.set(24);
      assertEquals(c.get(), 24);
      c.reset(token);
      assertEquals(c.get(), 36);
    }
    assertEquals(c.get(), 42);
  });
});

// The cases of asyncio's test_tasks; a task starts at once here, so `sub` sees what main has set.

inTask("test_tasks: test_context_1", async () => {
  const c = new ContextVar<string>("cvar", { default: "nope" });
  const sub = async () => {
    await Promise.resolve();
    assertEquals(c.get(), "nope");
    c.set("something else");
  };
  await createTask(async () => {
    assertEquals(c.get(), "nope");
    const subtask = createTask(sub);
    c.set("yes");
    assertEquals(c.get(), "yes");
    await subtask;
    assertEquals(c.get(), "yes");
  });
});

// A future's callback runs in a copy in Python; a promise's shares its task's context, unless bound.
inTask("test_tasks: test_context_2", async () => {
  const c = new ContextVar<string>("cvar", { default: "nope" });
  await createTask(async () => {
    const { promise, resolve } = deferred<void>();
    const done = promise.then(copyContext().bind(() => void c.set("something else")));
    c.set("yes");
    queueMicrotask(resolve);
    await done;
    assertEquals(c.get(), "yes");
  });
  assertEquals(c.get(), "nope");
});

inTask("test_tasks: test_context_3", async () => {
  const c = new ContextVar<number>("cvar", { default: -1 });
  const sub = async (number: number) => {
    for (let i = 0; i < 10; i++) {
      c.set(number + i);
      await (number % 2 === 0 ? Promise.resolve() : new Promise((done) => setTimeout(done)));
      assertEquals(c.get(), number + i);
    }
  };
  await Promise.all(Array.from({ length: 100 }, (_, number) => createTask(sub, number)));
  assertEquals(c.get(), -1);
});

inTask("test_tasks: test_context_4", async () => {
  const c = new ContextVar<number>("cvar");
  const task = async (value: number) => {
    await Promise.resolve();
    c.set(value);
  };
  const seen = await createTask(async () => {
    const context = copyContext();
    const seen = [context.get(c)];
    await context.run(task, 1);
    seen.push(context.get(c));
    await context.run(task, 2);
    seen.push(context.get(c));
    return seen;
  });
  assertEquals(seen, [undefined, 1, 2]);
});

inTask("test_tasks: test_get_context", () => {
  const context = copyContext();
  assertStrictEquals(context.run(currentContext), context);
});

inTask("test_taskgroups: test_taskgroup_task_context", async () => {
  const c = new ContextVar<number>("cvar");
  const task = async (value: number) => {
    await Promise.resolve();
    c.set(value);
  };
  const context = copyContext();
  assertStrictEquals(context.get(c), undefined);
  await Promise.all([context.run(task, 1)]);
  assertEquals(context.get(c), 1);
  await Promise.all([context.run(task, 2)]);
  assertEquals(context.get(c), 2);
});
