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
 * - test_token_repr_1: addresses of objects; test_hamt_*, HashKey: see persistent_map_test.ts.
 * - test_context_5 and 6 of test_tasks: 4 again, by other ways to make a task.
 */

import { assertEquals } from "@std/assert";

/**
 * The cases by the beginnings of their names, each with the name of a test of ours, or with its end
 * where a test is registered for each of several functions.
 */
const CASES = {
  test_context_: `
    var_new_1 = ContextVar() refuses a name that is not a string
    var_new_1 = ContextVar.name is what the constructor was given, and read-only
    var_repr_1 = ContextVar prints its name
    var_repr_1 = ContextVar prints its default
    var_repr_1 = Context prints [Circular] where it holds itself
    new_unhashable_str_subclass = ContextVar() refuses a name that is not a string
    new_1 = Context() refuses arguments
    typerrors_1 = Context.get() refuses a key that is not a ContextVar
    get_context_1 = copyContext() copies the current context
    run_1 = Context.run() refuses what is not a function
    run_2 = passes the arguments and returns the result
    run_3 = throws on what is thrown, Error or not, and restores the context
    run_4 = Context.run() keeps what the function sets in the context
    run_4 = Context.run() shows the context's values alone
    run_5 = throws on what is thrown, Error or not, and restores the context
    run_6 = Context.get() never gives a default, nor asks a defaultFactory
    run_7 = Context.run() refuses to enter the current context
    getset_1 = ContextVar.get() returns what was set last
    getset_1 = ContextVar.get() returns the fallback where there is no value, even undefined
    getset_1 = ContextVar.get() throws a LookupError that names the variable
    getset_1 = ContextVar.reset() takes the value away where there was none
    getset_1 = Token, used twice, is refused by reset() with a RuntimeError
    getset_1 = Context.keys(), values(), entries() and its iterator agree
    getset_2 = Token of another variable is refused, and stays usable
    getset_3 = Context.has() is false after the reset of the first set
    getset_4 = Token made in another context is refused, and stays usable
    getset_5 = Context.copy() changes without its original
    copy_1 = Context.copy() does not change with its original
    copy_1 = Context.run() refuses to enter a context through a copy of it
    isinstance = Context.keys(), values(), entries() and its iterator agree
    threads_1 = createTask() keeps siblings and parent apart under Promise.all
    thread_inherit = createTask() inherits what is set at its start
    thread_inherit = Context() is empty
  `,
  test_token_contextmanager_: `
    with_default = Token undoes its set where a block with using ends
    without_default = Token undoes its set where a block with using ends
    on_exception = Token undoes its set where a block with using throws
    reentrant = Token[Symbol.dispose]() uses the token up
    multiple_c_set = ContextVar.reset() takes tokens in any order
    with_explicit_reset_the_same_token = Token[Symbol.dispose]() does nothing after a reset
    with_explicit_reset_another_token = ContextVar.reset() takes tokens in any order
  `,
  "test_tasks: test_": `
    context_1 = createTask() does not see what its creator sets later
    context_2 = Context.bind() runs each call in a fresh copy of the context
    context_3 = createTask() keeps siblings and parent apart under Promise.all
    context_4 = Context.run() keeps continuations in the context
    get_context = currentContext() is the same object for the same context
  `,
  "test_taskgroups: test_": `
    taskgroup_task_context = createTask() keeps siblings and parent apart under Promise.all
    taskgroup_task_context = Context.run() lets two async functions be in flight at once
  `,
};

Deno.test("CPython's cases are covered by tests of these names", () => {
  const tests = new URL("../../tests/", import.meta.url);
  const files = [...Deno.readDirSync(tests)].filter(({ isFile }) => isFile);
  const text = files.map(({ name }) => Deno.readTextFileSync(new URL(name, tests))).join("");
  const names = Object.values(CASES).join("").matchAll(/ = (.*)/g);
  const isThere = (name: string) => text.includes(`"${name}"`) || text.includes(`} ${name}\``);
  assertEquals([...names].filter(([, name]) => !isThere(name!)), []);
});
