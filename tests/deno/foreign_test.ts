/** Two copies of the module in one program, as two versions of it would be. */

import { assertEquals, assertThrows } from "@std/assert";
import { ContextVar, copyContext, createTask } from "@contextvars/contextvars";
import { everywhere } from "../harness.ts";
import { importCopy } from "./second_copy.ts";

const other = await importCopy();

everywhere("A second copy of the module has its own values", () => {
  const mine = new ContextVar("user", { default: "nobody" });
  const theirs = new other.ContextVar("user", { default: "nobody" });
  mine.set("alice");
  theirs.set("bob");
  assertEquals([mine.get(), theirs.get()], ["alice", "bob"]);
  assertEquals(new other.Context().run(() => [mine.get(), theirs.get()]), ["alice", "nobody"]);
});

everywhere("A second copy's tasks and ours keep apart, and each keeps its context", async () => {
  const mine = new ContextVar("user", { default: "nobody" });
  const theirs = new other.ContextVar("user", { default: "nobody" });
  const work = async (name: string) => {
    mine.set(name);
    theirs.set(name);
    await Promise.resolve();
    return [mine.get(), theirs.get()];
  };
  const task = (name: string) => other.createTask(() => createTask(work, name));
  assertEquals(await Promise.all([task("a"), task("b")]), [["a", "a"], ["b", "b"]]);
  assertEquals([mine.get(), theirs.get()], ["nobody", "nobody"]);
});

everywhere("ContextVar.reset() refuses a second copy's token, and changes nothing", () => {
  const mine = new ContextVar<string>("user");
  const theirs = new other.ContextVar<string>("user");
  mine.set("alice");
  const token = theirs.set("bob");
  assertThrows(
    () => mine.reset(token as never),
    TypeError,
    `ContextVar.reset() needs a Token, got an object of class "Token" that this copy of the module has ` +
      "not made; pass what set() returned",
  );
  assertEquals([mine.get(), theirs.get()], ["alice", "bob"]);
});

everywhere("Context.get() and has() refuse a second copy's variable", () => {
  const theirs = new other.ContextVar<string>("user");
  const expected =
    `a ContextVar key was expected, got an object of class "ContextVar" that this copy of the ` +
    "module has not made";
  assertThrows(() => copyContext().get(theirs as never), TypeError, expected);
  assertThrows(() => copyContext().has(theirs as never), TypeError, expected);
});

everywhere("ContextVar.get() refuses a second copy's variable as this", () => {
  const theirs = new other.ContextVar<string>("user", { default: "theirs" });
  assertThrows(
    () => Reflect.apply(ContextVar.prototype.get, theirs, []),
    TypeError,
    "ContextVar.get was called on",
  );
});
