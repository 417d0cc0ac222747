/**
 * CPython's own tests of context variables (3.14: test_context, and the contexts of asyncio's
 * test_tasks and test_taskgroups), each with the tests of ours that check what it checks.
 *
 * Python differs in two: the blocks of test_token_contextmanager_reentrant and
 * ..._with_explicit_reset_the_same_token end with a RuntimeError there; a dispose never throws.
 * What does not apply to JavaScript:
 * - test_context_subclassing_1: a subclass of ContextVar or Context is harmless.
 * - test_context_eq_reentrant_contextvar_set and ..._set_in_hash: to compare two contexts calls no
 *   code of the user's.
 * - test_token_repr_1: addresses of objects.
 * - test_hamt_*, HashKey: the map is tested in persistent_map_test.ts.
 * - test_context_5 and 6 of test_tasks: 4 again, by other ways to make a task.
 */

import { assertEquals } from "@std/assert";

const GET = "ContextVar.get() returns";
const USING = "Token undoes its set where a block with using";

const CASES: Record<string, string[]> = {
  test_context_var_new_1: [
    "ContextVar() refuses a name that is not a string",
    "ContextVar.name is what the constructor was given, and read-only",
  ],
  test_context_var_repr_1: [
    "ContextVar prints its name",
    "ContextVar prints its default",
    "Context prints [Circular] where it holds itself",
  ],
  test_context_new_unhashable_str_subclass: ["ContextVar() refuses a name that is not a string"],
  test_context_new_1: ["Context() refuses arguments"],
  test_context_typerrors_1: ["Context.get() and has() refuse a key that is not a ContextVar"],
  test_context_get_context_1: ["copyContext() copies the current context"],
  test_context_run_1: ["Context.run() refuses what is not a function"],
  test_context_run_2: ["Context.run() passes the arguments and returns the result"],
  test_context_run_3: ["Context.run() throws on, and restores the context"],
  test_context_run_4: [
    "Context.run() keeps what the function sets in the context",
    "Context.run() shows the context's values alone",
  ],
  test_context_run_5: ["Context.run() throws on, and restores the context"],
  test_context_run_6: ["Context.get() never gives a default, nor asks a defaultFactory"],
  test_context_run_7: ["Context.run() refuses to enter the current context"],
  test_context_getset_1: [
    `${GET} what was set last`,
    `${GET} the fallback where there is no value, even undefined`,
    "ContextVar.get() throws a LookupError that names the variable",
    "ContextVar.reset() takes the value away where there was none",
    "Token, used twice, is refused by reset() with a RuntimeError",
    "Context.keys(), values(), entries() and its iterator agree",
  ],
  test_context_getset_2: ["Token of another variable is refused, and stays usable"],
  test_context_getset_3: ["Context.has() is false after the reset of the first set"],
  test_context_getset_4: ["Token made in another context is refused, and stays usable"],
  test_context_getset_5: ["Context.copy() changes without its original"],
  test_context_copy_1: [
    "Context.copy() does not change with its original",
    "Context.copy() of an entered context can be run",
  ],
  test_context_isinstance: ["Context.keys(), values(), entries() and its iterator agree"],
  test_context_threads_1: ["createTask() gives each of a hundred tasks its own values"],
  test_context_thread_inherit: [
    "createTask() inherits what is set at its start",
    "Context() is empty",
  ],
  test_token_contextmanager_with_default: [`${USING} ends`],
  test_token_contextmanager_without_default: [`${USING} ends`],
  test_token_contextmanager_on_exception: [`${USING} throws`],
  test_token_contextmanager_reentrant: ["Token[Symbol.dispose]() uses the token up"],
  test_token_contextmanager_multiple_c_set: ["ContextVar.reset() takes tokens in any order"],
  test_token_contextmanager_with_explicit_reset_the_same_token: [
    "Token[Symbol.dispose]() does nothing after a reset",
  ],
  test_token_contextmanager_with_explicit_reset_another_token: [
    "ContextVar.reset() takes tokens in any order",
  ],
  "test_tasks: test_context_1": ["createTask() does not see what its creator sets later"],
  "test_tasks: test_context_2": ["Context.bind() runs each call in a fresh copy of the context"],
  "test_tasks: test_context_3": ["createTask() gives each of a hundred tasks its own values"],
  "test_tasks: test_context_4": [
    "Context.run() keeps continuations in the context",
  ],
  "test_tasks: test_get_context": [
    "currentContext() is the same object for the same context",
  ],
  "test_taskgroups: test_taskgroup_task_context": [
    "createTask() keeps siblings and parent apart under Promise.all",
    "Context.run() lets two async functions be in flight at once",
  ],
};

Deno.test("CPython's cases are covered by tests of these names", async () => {
  const tests = new URL("../../tests/", import.meta.url);
  const files = Array.from(Deno.readDirSync(tests), ({ name }) => name)
    .filter((name) => name.endsWith("_test.ts"));
  const text = (await Promise.all(files.map((name) => Deno.readTextFile(new URL(name, tests)))))
    .join("");
  const missing = Object.values(CASES).flat().filter((name) => !text.includes(`"${name}"`));
  assertEquals(missing, []);
});
