/** Runtimes that have no AsyncLocalStorage: browsers, and those with TC39's AsyncContext. */

import { assertEquals } from "@std/assert";
import { deno } from "../command.ts";
import { TemporaryFolder } from "../temporary_folder.ts";

/** Runs a program with the module, where `node:async_hooks` is an empty module. */
async function runWithoutStorage(program: string, before = ""): Promise<string[]> {
  using folder = new TemporaryFolder();
  const map = folder.file("map.json");
  const imports = { "node:async_hooks": "data:text/javascript,export{}" };
  await Deno.writeTextFile(map, JSON.stringify({ imports }));
  const file = folder.file("program.js");
  await Deno.writeTextFile(
    file,
    `${before};
     const { Context, ContextVar, copyContext, createTask } =
       await import(${JSON.stringify(import.meta.resolve("../../mod.ts"))});
     const print = (run) => { try { console.log(run()) } catch (e) { console.log(String(e)) } };
     const user = new ContextVar("user", { default: "nobody" });
     ${program}`,
  );
  return (await deno(["run", "-A", "--import-map", map, file])).split("\n").slice(0, -1);
}

const CANNOT = "this runtime cannot carry a context through an await";
const ADVICE = "read the values before it, and pass them on as arguments";

Deno.test("Without a storage what is synchronous works: get, and all of it in run and bind", async () => {
  const printed = await runWithoutStorage(`
    print(() => user.get());
    print(() => new ContextVar("log", { defaultFactory: () => "made" }).get());
    const context = new Context();
    print(() => context.run(() => {
      const token = user.set("alice");
      return [user.get(), user.run("bob", () => user.get()), user.reset(token), user.get()];
    }));
    print(() => context.run(() => context.run(() => {})));
    const bound = context.bind((name) => { user.set(name); return user.get(); });
    print(() => [bound("carol"), context.has(user), user.get()]);
    print(() => [...context.bind(function* () { user.set("dan"); yield user.get(); })()]);
    print(() => user.get());`);
  assertEquals(printed, [
    "nobody",
    "made",
    `[ "alice", "bob", undefined, "nobody" ]`,
    "RuntimeError: cannot enter context: <Context of size 0> is already entered; run a copy of it: " +
    "context.copy().run(fn)",
    `[ "carol", false, "nobody" ]`,
    `[ "dan" ]`,
    "nobody",
  ]);
});

Deno.test("Without a storage what would go on after an await throws, and leaves nothing", async () => {
  const printed = await runWithoutStorage(`
    const work = async () => { user.set("alice"); await 1; throw new Error("lost"); };
    print(() => createTask(() => console.log("started")));
    print(() => new Context().run(work));
    print(() => user.run("bob", () => ({ then() {} })));
    print(() => new Context().bind(work)());
    print(() => user.set("carol"));
    await 1;
    print(() => user.get());`);
  const returned =
    `RuntimeError: cannot run a function that returns a promise: ${CANNOT}; ${ADVICE}`;
  assertEquals(printed, [
    `RuntimeError: cannot start a task: ${CANNOT}; ${ADVICE}`,
    ...[returned, returned, returned],
    `RuntimeError: cannot set <ContextVar "user"> outside a task: ${CANNOT}; ` +
    "set it in a function that run() calls",
    "nobody",
  ]);
});

Deno.test("An AsyncContext that has no Variable is not used", async () => {
  const before = "globalThis.AsyncContext = {}";
  assertEquals(await runWithoutStorage("print(() => user.get());", before), ["nobody"]);
});

Deno.test("AsyncContext.Variable carries the frames where there is no AsyncLocalStorage", async () => {
  const asyncContext = `
    const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
    globalThis.AsyncContext = {
      Variable: class {
        #storage = new AsyncLocalStorage();
        get() { return this.#storage.getStore(); }
        run(...args) { return this.#storage.run(...args); }
      },
    }`;
  const program = `
    const work = async (name) => { user.set(name); await 1; return user.get(); };
    console.log(await Promise.all([createTask(work, "alice"), copyContext().bind(work)("bob")]));
    print(() => user.set("carol"));`;
  const printed = await runWithoutStorage(program, asyncContext);
  assertEquals(printed, [
    `[ "alice", "bob" ]`,
    `RuntimeError: cannot set <ContextVar "user"> outside a task: this runtime has no ` +
    "AsyncLocalStorage.enterWith; bind the handler with new Context().bind(handler); in a script " +
    "start with createTask(main)",
  ]);
});
